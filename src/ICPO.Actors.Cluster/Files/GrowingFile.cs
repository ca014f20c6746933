namespace ICPO.Actors.Cluster.Files;

/// <summary>A file that is being copied to this machine, of which others can read what has been verified. Thread-safe.</summary>
/// <param name="path">Its path once it is complete.</param>
/// <param name="isRead">True if others read it while it arrives; otherwise another process that copies it too is refused.</param>
internal sealed class GrowingFile(string path, bool isRead)
{
    /// <summary>How long a reader waits for the next bytes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _available;
    private long? _length;
    private bool _failed;

    /// <summary>Its path once it is complete.</summary>
    public string Path { get; } = path;

    /// <summary>Its path until then.</summary>
    public string PartialPath => Path + ".part";

    /// <summary>What others may do with the partial file.</summary>
    public FileShare Share { get; } = isRead ? FileShare.Read : FileShare.None;

    /// <summary>Bytes up to this position are verified and can be read.</summary>
    /// <param name="available">The position.</param>
    /// <param name="length">The length of the complete file.</param>
    public void Grow(long available, long length) => Change(() => (_available, _length) = (available, length));

    /// <summary>The copy has ended without being complete.</summary>
    public void Fail() => Change(() => _failed = true);

    /// <summary>The length of the complete file; waits until it is known.</summary>
    /// <exception cref="IOException">The copy failed, or did not begin in time.</exception>
    public async Task<long> LengthAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                ThrowIfFailed();
                if (_length is { } length)
                {
                    return length;
                }

                changed = _changed.Task;
            }

            await WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the file from a position to its end, as it arrives.</summary>
    /// <exception cref="IOException">The copy failed, or brought nothing new in time.</exception>
    public async Task CopyToAsync(Stream target, long from, CancellationToken cancellationToken)
    {
        long length = await LengthAsync(cancellationToken).ConfigureAwait(false);
        FileStream? file = null;
        try
        {
            while (from < length)
            {
                long available = await AvailableAsync(from, cancellationToken).ConfigureAwait(false);
                file ??= Open();
                file.Position = from;
                await CopyAsync(file, target, available - from, cancellationToken).ConfigureAwait(false);
                from = available;
            }
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The position up to which can be read; waits until it is behind another.</summary>
    private async Task<long> AvailableAsync(long from, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_available > from)
                {
                    return _available;
                }

                ThrowIfFailed();
                changed = _changed.Task;
            }

            await WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new IOException($"The copy brought nothing new within {Patience.TotalSeconds:0} s.", error);
        }
    }

    private static async Task CopyAsync(FileStream file, Stream target, long count, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(count, 1 << 20)];
        while (count > 0)
        {
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(count, buffer.Length));
            await file.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            await target.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            count -= part.Length;
        }
    }

    /// <summary>The partial file; it may have become the complete one meanwhile.</summary>
    private FileStream Open()
    {
        try
        {
            return OpenAt(PartialPath);
        }
        catch (FileNotFoundException)
        {
            return OpenAt(Path);
        }

        static FileStream OpenAt(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    private void ThrowIfFailed()
    {
        if (_failed)
        {
            throw new IOException($"The copy of {System.IO.Path.GetFileName(Path)} has failed.");
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
