namespace ICPO.Actors.Engines.Remote;

/// <summary>Lets a change of weights wait for the sequences in flight, and new sequences wait for the change.</summary>
internal sealed class SwapGate
{
    private readonly Lock _lock = new();
    private int _inFlight;
    private TaskCompletionSource? _open;
    private TaskCompletionSource? _idle;

    /// <summary>Begins a sequence, after a change in progress.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task open;
            lock (_lock)
            {
                if (_open is null)
                {
                    _inFlight++;
                    return;
                }

                open = _open.Task;
            }

            await open.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a sequence.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_inFlight == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>Keeps new sequences out and waits for those in flight; <see cref="Open"/> ends that. One caller at a time.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task idle;
        lock (_lock)
        {
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inFlight == 0)
            {
                _idle.SetResult();
            }

            idle = _idle.Task;
        }

        try
        {
            await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Open();
            throw;
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            (TaskCompletionSource? open, _open, _idle) = (_open, null, null);
            open?.TrySetResult();
        }
    }
}
