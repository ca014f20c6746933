using ICPO.Actors.Runs;

namespace ICPO.Actors.Hosting;

/// <summary>The runs of a host app that have not ended. Thread-safe.</summary>
internal sealed class ActiveRuns
{
    private readonly Lock _gate = new();
    private readonly HashSet<IIcpoRun> _runs = [];
    private bool _closed;

    /// <summary>Keeps a started run until it ends; stops it at once if the host is stopping.</summary>
    public void Add(IIcpoRun run)
    {
        bool closed;
        lock (_gate)
        {
            _runs.Add(run);
            closed = _closed;
        }

        _ = run.Completion.ContinueWith(
            _ => Remove(run),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        if (closed)
        {
            _ = StopAsync(run);
        }
    }

    /// <summary>Stops all runs, each with a checkpoint, and later ones as soon as they have started. Ends when all have ended; how they
    /// ended is theirs to report.</summary>
    public Task StopAllAsync()
    {
        IIcpoRun[] runs;
        lock (_gate)
        {
            _closed = true;
            runs = [.. _runs];
        }

        return Task.WhenAll(runs.Select(StopAsync));
    }

    private static async Task StopAsync(IIcpoRun run)
    {
        // The owner gets the exception of a run that fails from its Completion.
        await run.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Remove(IIcpoRun run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }
}
