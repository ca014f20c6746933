using System.Buffers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Wire.Records;
using Microsoft.Win32.SafeHandles;

namespace ICPO.Actors.Wire.Segments;

/// <summary>Bytes after the last complete record of the last segment, found when a log was opened.</summary>
/// <param name="Path">The segment's file.</param>
/// <param name="Offset">End of the complete records.</param>
/// <param name="Bytes">Number of bytes after it.</param>
/// <param name="Cut">
/// True if an interrupted append left them: nothing refers to them, and they were cut off. False if records that may be
/// referred to are damaged: they are left in place, reading them fails, and a new segment is started.
/// </param>
public sealed record SegmentTail(string Path, long Offset, long Bytes, bool Cut)
{
    /// <summary>A sentence for a person.</summary>
    public override string ToString() =>
        Cut
            ? $"{Path}: removed {Bytes} bytes after byte {Offset} that an interrupted append left; no event refers to them"
            : $"{Path}: the record at byte {Offset} is damaged; the {Bytes} bytes from there are kept and a new segment is used";
}

/// <summary>
/// Append-only payloads of a journal, in segment files of checksummed records. A blob whose <see cref="Flush"/> returned survives a crash
/// of the process, and of the machine as far as its disk honors a sync; an event that refers to a blob is persisted after that. One writer,
/// any number of reading threads. After an I/O error the log refuses further work, because the content of the disk is uncertain: open it
/// again.
/// </summary>
public sealed partial class SegmentLog
{
    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly Action<string> _syncDirectory;
    private readonly FileStream _writer;
    private SafeFileHandle _active;
    private int _segment;
    private long _length;
    private IOException? _fault;

    /// <summary>Opens the log in a directory, which is created if missing.</summary>
    /// <param name="directory">Directory of the segments.</param>
    /// <param name="segmentBytes">A segment that would grow beyond this is closed and the next one started.</param>
    /// <exception cref="IOException">The directory cannot be written, or another writer has it open.</exception>
    public SegmentLog(string directory, long segmentBytes = 64 << 20)
        : this(directory, segmentBytes, DirectorySync.Sync) { }

    /// <param name="directory">Directory of the segments.</param>
    /// <param name="segmentBytes">A segment that would grow beyond this is closed and the next one started.</param>
    /// <param name="syncDirectory">Makes the names in a directory durable.</param>
    internal SegmentLog(string directory, long segmentBytes, Action<string> syncDirectory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentBytes, 1);
        _directory = Path.GetFullPath(directory);
        _segmentBytes = segmentBytes;
        _syncDirectory = syncDirectory;
        _writer = TakeWriter(_directory);
        try
        {
            int[] segments = SegmentFile.List(_directory);
            _segment = segments is [.., int last] ? last : 0;
            _active = OpenSegment();
            (long end, bool torn) = SegmentFile.Scan(_active);
            long bytes = RandomAccess.GetLength(_active) - end;
            _length = end;
            if (bytes > 0)
            {
                Tail = new(SegmentFile.Path(_directory, _segment), end, bytes, torn);
                if (torn)
                {
                    RandomAccess.SetLength(_active, end);
                    RandomAccess.FlushToDisk(_active);
                }
                else
                {
                    BeginNextSegment();
                }
            }
        }
        catch
        {
            _active?.Dispose();
            _writer.Dispose();
            throw;
        }
    }

    /// <summary>A description of the bytes found after the last complete record when opening; null if there were none.</summary>
    public SegmentTail? Tail { get; }

    /// <summary>The segment that is being appended to.</summary>
    public int ActiveSegment
    {
        get
        {
            lock (_gate)
            {
                return _segment;
            }
        }
    }

    /// <summary>Appends a payload. It is durable once <see cref="Flush"/> has returned.</summary>
    /// <exception cref="IOException">The disk is full or fails; names the file.</exception>
    public BlobRef Append(ReadOnlySpan<byte> payload)
    {
        int size = checked(payload.Length + RecordFrame.Overhead);
        byte[] record = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            uint checksum = RecordFrame.Write(payload, record.AsSpan(0, size));
            lock (_gate)
            {
                return Guarded($"append {size} bytes to", () =>
                {
                    if (_length > 0 && _length + size > _segmentBytes)
                    {
                        RandomAccess.FlushToDisk(_active);
                        BeginNextSegment();
                    }

                    RandomAccess.Write(_active, record.AsSpan(0, size), _length);
                    BlobRef blob = new(_segment, _length, size - RecordFrame.Overhead, checksum);
                    _length += size;
                    return blob;
                });
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    /// <summary>Returns when every blob appended so far is on the disk.</summary>
    /// <exception cref="IOException">The disk is full or fails; names the file.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            Guarded("sync", () =>
            {
                RandomAccess.FlushToDisk(_active);
                return 0;
            });
        }
    }

    /// <summary>The payload of a blob, checked.</summary>
    /// <exception cref="InvalidDataException">It is missing or differs from what was appended; names file and offset.</exception>
    public byte[] Read(BlobRef blob) => SegmentFile.Read(_directory, blob);

    /// <summary>
    /// The payload of a blob of a log that this process does not write: of a run that is over, or of one that another process is at.
    /// </summary>
    /// <inheritdoc cref="Read(BlobRef)"/>
    public static byte[] Read(string directory, BlobRef blob) => SegmentFile.Read(directory, blob);

    /// <summary>False if the segment of a blob was deleted because it is no longer needed.</summary>
    public static bool Holds(string directory, BlobRef blob) => File.Exists(SegmentFile.Path(directory, blob.Segment));

    /// <summary>
    /// Deletes the segments below <paramref name="segment"/>: pass the least segment of the blobs still needed. The active
    /// segment always stays.
    /// </summary>
    /// <returns>How many files were deleted.</returns>
    public int DeleteSegmentsBefore(int segment)
    {
        lock (_gate)
        {
            int[] dead = [.. SegmentFile.List(_directory).Where(n => n < Math.Min(segment, _segment))];
            foreach (int number in dead)
            {
                File.Delete(SegmentFile.Path(_directory, number));
            }

            return dead.Length;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _active.Dispose();
            _writer.Dispose();
        }
    }

    /// <summary>A lock that the system releases when the process ends, even if it is killed.</summary>
    private static FileStream TakeWriter(string directory)
    {
        string path = Path.Combine(directory, "writer.lock");
        try
        {
            Directory.CreateDirectory(directory);
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Cannot open the segment log in {directory}: {e.Message} "
                    + "Stop the other run that uses this directory, or make it writable.",
                e
            );
        }
    }

    /// <summary>
    /// Opens or creates the segment. A synced file is lost with the machine's power if its directory does not name it yet.
    /// </summary>
    private SafeFileHandle OpenSegment()
    {
        SafeFileHandle segment = File.OpenHandle(
            SegmentFile.Path(_directory, _segment),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
        _syncDirectory(_directory);
        return segment;
    }

    private void BeginNextSegment()
    {
        _active.Dispose();
        _segment++;
        _length = 0;
        _active = OpenSegment();
    }

    private T Guarded<T>(string action, Func<T> act)
    {
        ObjectDisposedException.ThrowIf(!_writer.CanWrite, this);
        if (_fault is not null)
        {
            throw new IOException($"The segment log in {_directory} stopped at an earlier error; open it again. {_fault.Message}", _fault);
        }

        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string path = SegmentFile.Path(_directory, _segment);
            _fault = new(
                $"Cannot {action} {path} at byte {_length}: {e.Message} Free space on that disk or repair it, then start again.",
                e
            );
            throw _fault;
        }
    }
}
