namespace ICPO.Actors.Runs;

/// <summary>
/// Engines and learners that end with the run. They are loaded outside of the run's actor, so one may be ready only after the run has
/// ended: it is ended at once then.
/// </summary>
internal sealed class ComputeParts : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private Task? _ending;
    private bool _ended;

    /// <summary>Ends when every part has ended; null before that was asked for.</summary>
    public Task? Ending
    {
        get
        {
            lock (_gate)
            {
                return _ending;
            }
        }
    }

    /// <summary>Keeps a part until the run ends.</summary>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _parts.Add(part);
                return part;
            }
        }

        _ = part.DisposeAsync().AsTask();
        throw new OperationCanceledException("The run has ended.");
    }

    /// <summary>Ends a part before the run does. One that does not end in time is still kept.</summary>
    /// <exception cref="TimeoutException">Its thread did not end in time.</exception>
    public async Task EndAsync(IAsyncDisposable part)
    {
        await part.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _parts.Remove(part);
        }
    }

    /// <summary>Ends all parts, however long their computations in flight take. Later calls wait for the same end.</summary>
    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (_gate)
        {
            _ended = true;
            _ending ??= Task.WhenAll(_parts.Select(DisposeAsync));
            ending = _ending;
        }

        await ending.ConfigureAwait(false);
    }

    private static async Task DisposeAsync(IAsyncDisposable part) => await part.DisposeAsync().ConfigureAwait(false);
}
