using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ICPO.DataFiles.Files;

/// <summary>
/// Opens gzip files. <see cref="GZipStream"/> treats the end of a truncated file as the end of its data, so the length and checksum at the
/// end of the file are checked before anything is read: against all data if there is one member, against its last part if there are
/// several.
/// </summary>
public static class GzipFile
{
    private const int Trailer = 8;

    /// <summary>Decompressed bytes accepted for any file, and per compressed byte: text never compresses to a hundredth.</summary>
    private const long FreeBytes = 64 << 20,
        BytesPerByte = 100;

    /// <summary>Opens the decompressed content; <paramref name="file"/> stays owned by the caller.</summary>
    /// <param name="path">The name used in errors.</param>
    /// <param name="file">A seekable gzip file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or truncated.</exception>
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

    /// <summary>The decompressed length, and the CRC-32 of everything after the first <paramref name="skip"/> bytes.</summary>
    private static (long Length, uint Sum) Measure(string path, FileStream file, long skip)
    {
        file.Position = 0;
        using var stream = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        var checksum = new Crc32();
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0; length += read)
            {
                if (length + read > FreeBytes + (BytesPerByte * file.Length))
                {
                    throw new InvalidDataException(
                        $"{path}: {file.Length} bytes decompress to more than {length} bytes, which no text does; decompress the file "
                            + "and check what it holds."
                    );
                }

                if (length + read > skip)
                {
                    int from = (int)Math.Max(0, skip - length);
                    checksum.Append(buffer.AsSpan(from, read - from));
                }
            }
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw Damaged(path, error);
        }

        return (length, checksum.GetCurrentHashAsUInt32());
    }

    private static InvalidDataException Damaged(string path, Exception? cause = null) =>
        new($"{path}: the gzip file is damaged or truncated; compress it again.", cause);
}
