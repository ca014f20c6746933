using System.Buffers.Binary;
using System.IO.Compression;
using ICPO.DataFiles.Parquet;

namespace ICPO.DataFiles.Files;

/// <summary>
/// Opens gzip files. .NET's stream takes the end of a file that was cut off for the end of its data, so the length and checksum at the end
/// are
/// compared before anything is read: with all data where there is one member, with its last part where there are several.
/// </summary>
public static class GzipFile
{
    private const int Trailer = 8;

    /// <exception cref="InvalidDataException">The file is damaged or cut off.</exception>
    public static Stream Open(string path, FileStream file)
    {
        Span<byte> trailer = stackalloc byte[Trailer];
        if (file.Length < 10 + Trailer)
        {
            throw Damaged(path);
        }

        file.Position = file.Length - Trailer;
        file.ReadExactly(trailer);
        (uint sum, uint size) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        (long length, uint whole) = Measure(path, file, 0);
        if (unchecked((uint)length) != size || whole != sum)
        {
            if (size > length || Measure(path, file, length - size).Sum != sum)
            {
                throw Damaged(path);
            }
        }

        file.Position = 0;
        return new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>The unpacked length, and the checksum of what lies behind the first <paramref name="skip"/> bytes.</summary>
    private static (long Length, uint Sum) Measure(string path, FileStream file, long skip)
    {
        file.Position = 0;
        using var stream = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        byte[] buffer = new byte[1 << 16];
        (long length, uint sum) = (0, 0);
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0; length += read)
            {
                if (length + read > skip)
                {
                    int from = (int)Math.Max(0, skip - length);
                    sum = Crc32.Continue(sum, buffer.AsSpan(from, read - from));
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, error);
        }

        return (length, sum);
    }

    private static InvalidDataException Damaged(string path, Exception? cause = null) =>
        new($"{path}: the gzip file is damaged or cut off; pack it again.", cause);
}
