using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>
/// A file mapped for reading. Spans are valid until it is disposed; <see cref="Release"/> lets the system drop pages that were
/// read, so that a file that is copied to tensors is not held in memory a second time.
/// </summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private const int DontNeed = 4; // MADV_DONTNEED on Linux and macOS

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    /// <param name="file">Not empty; may be closed afterwards.</param>
    public MappedFile(FileStream file)
    {
        Length = file.Length;
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public long Length { get; }

    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_view.SafeMemoryMappedViewHandle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new(_start + offset, length);
    }

    /// <summary>Advises the system that the pages inside this range are not needed for now; their content stays readable.</summary>
    public void Release(long offset, long length)
    {
        long page = (long)Environment.SystemPageSize;
        (long from, long to) = ((offset + page - 1) / page * page, (offset + length) / page * page);
        if (OperatingSystem.IsLinux() && to > from)
        {
            _ = Advise(_start + from, (nuint)(to - from), DontNeed); // advice: that it was not taken changes no result
        }
    }

    public void Dispose()
    {
        if (!_view.SafeMemoryMappedViewHandle.IsClosed)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }

        _map.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
