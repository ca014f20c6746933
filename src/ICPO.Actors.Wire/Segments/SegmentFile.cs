using System.Globalization;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Wire.Records;
using Microsoft.Win32.SafeHandles;

namespace ICPO.Actors.Wire.Segments;

/// <summary>
/// One file of a <see cref="SegmentLog"/>: its name, reading one record of it, and finding the end of its complete records.
/// </summary>
internal static class SegmentFile
{
    private const string Extension = ".segment";

    public static string Path(string directory, int segment) =>
        System.IO.Path.Combine(directory, segment.ToString("D8", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Numbers of the segments in a directory, ascending.</summary>
    public static int[] List(string directory) =>
        [
            .. Directory
                .EnumerateFiles(directory, "*" + Extension)
                .Select(p =>
                    int.TryParse(System.IO.Path.GetFileNameWithoutExtension(p), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
                        ? n
                        : -1
                )
                .Where(n => n >= 0)
                .Order(),
        ];

    public static byte[] Read(string directory, BlobRef blob)
    {
        string path = Path(directory, blob.Segment);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing; the journal refers to its byte {blob.Offset}. Restore it from a copy.");
        }

        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (blob.Offset < 0 || blob.Length < 0 || blob.Offset > RandomAccess.GetLength(handle) - blob.Length - RecordFrame.Overhead)
        {
            throw Damaged("the file ends before this record does");
        }

        byte[] record = new byte[blob.Length + RecordFrame.Overhead];
        if (!Fill(handle, record, blob.Offset))
        {
            throw Damaged("the file ends before this record does");
        }

        if (!RecordFrame.TryReadHeader(record, out int length) || length != blob.Length)
        {
            throw Damaged($"its header does not record {blob.Length} bytes");
        }

        if (!RecordFrame.Checks(record.AsSpan(RecordFrame.HeaderLength), out uint checksum) || checksum != blob.Checksum)
        {
            throw Damaged("its checksum does not match");
        }

        return record[RecordFrame.HeaderLength..^RecordFrame.FooterLength];

        InvalidDataException Damaged(string what) =>
            new($"{path}: the record of {blob.Length} bytes at byte {blob.Offset} is damaged: {what}. Restore the file from a copy.");
    }

    /// <summary>
    /// Where the whole records of a segment end. What follows is torn where an interrupted append explains it (an
    /// incomplete header, a record longer than the file, nothing but zeros); anything else is damage to what was written.
    /// </summary>
    public static (long End, bool Torn) Scan(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        long end = 0;
        byte[] header = new byte[RecordFrame.HeaderLength];
        byte[] body = [];
        while (end < length)
        {
            long rest = length - end;
            if (rest < header.Length || !Fill(handle, header, end))
            {
                return (end, true);
            }

            if (!RecordFrame.TryReadHeader(header, out int payload))
            {
                return (end, IsZero(handle, end, length));
            }

            if (rest < payload + RecordFrame.Overhead)
            {
                return (end, true);
            }

            int bodyLength = payload + RecordFrame.FooterLength;
            body = body.Length >= bodyLength ? body : new byte[Math.Max(bodyLength, 2 * body.Length)];
            if (!Fill(handle, body.AsSpan(0, bodyLength), end + header.Length) || !RecordFrame.Checks(body.AsSpan(0, bodyLength), out _))
            {
                return (end, false);
            }

            end += payload + RecordFrame.Overhead;
        }

        return (end, false);
    }

    private static bool IsZero(SafeFileHandle handle, long from, long to)
    {
        byte[] buffer = new byte[64 * 1024];
        while (from < to)
        {
            int read = RandomAccess.Read(handle, buffer, from);
            if (read == 0 || buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                return read == 0;
            }

            from += read;
        }

        return true;
    }

    private static bool Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            int read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }
}
