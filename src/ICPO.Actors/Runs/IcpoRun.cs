using Akka.Actor;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Runs;

/// <summary>A run as its owner sees it.</summary>
public sealed class IcpoRun : IIcpoRun
{
    private readonly RunContext _context;
    private readonly TaskCompletionSource<IHost?> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private IActorRef? _actor;
    private bool _stopRequested;
    private Exception? _failure;
    private volatile RunSummary? _summary;
    private Task _followed = Task.CompletedTask;

    internal IcpoRun(RunContext context)
    {
        _context = context;
        Completion = CompleteAsync();
    }

    public string Directory => _context.Directory.Path;

    public IReadOnlyList<string> Notes => _context.Notes;

    public string? FirstPrompt => _context.FirstPrompt;

    public string? DiskUse => _context.DiskUse;

    public string? JournalAway { get; internal set; }

    public Task<RunSummary> Completion { get; }

    public string ModelDirectory =>
        _summary?.Model is { } model
            ? Path.Combine(_context.Directory.Path, model)
            : Path.Combine(_context.Directory.Checkpoints, CheckpointStore.Name(new PolicyVersion(_context.Settings.Updates)));

    /// <summary>Ends when the run's directory is released, where <see cref="Completion"/> has ended.</summary>
    internal Task Released { get; private set; } = Task.CompletedTask;

    public IAsyncEnumerable<RunProgress> ProgressAsync(CancellationToken cancellationToken = default) =>
        _context.Progress.ListenAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        RequestStop();
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Requests a stop and does not wait for it.</summary>
    internal void RequestStop()
    {
        lock (_gate)
        {
            _stopRequested = true;
            _actor?.Tell(RunActor.Stop.Instance);
        }
    }

    /// <summary>Lets a standby continue the run when it has stopped here; null if there is none that is ready.</summary>
    internal string? HandOver() => _context.Endpoint?.HandOver();

    /// <summary>Ends the run with an external error, e.g. that another process has taken it over.</summary>
    internal void Fail(Exception cause)
    {
        lock (_gate)
        {
            _failure ??= cause;
            _actor?.Tell(new Status.Failure(_failure));
        }
    }

    /// <summary>The run's actor has started; a stop that was requested before is passed on.</summary>
    internal void Attach(IActorRef actor)
    {
        lock (_gate)
        {
            _actor = actor;
            if (_failure is not null)
            {
                actor.Tell(new Status.Failure(_failure));
            }

            if (_stopRequested)
            {
                actor.Tell(RunActor.Stop.Instance);
            }
        }
    }

    /// <summary>Names the host that was started for this run only; it ends with the run.</summary>
    /// <param name="host">The host; null if it has ended already.</param>
    /// <param name="follow">Follows the run to its outcome, e.g. logs it; the host ends after that. Null for nothing.</param>
    internal void EndsWith(IHost? host, Func<Task<RunSummary>, Task>? follow = null)
    {
        _followed = follow?.Invoke(_context.Ended.Task) ?? Task.CompletedTask;
        _host.TrySetResult(host);
    }

    private async Task<RunSummary> CompleteAsync()
    {
        try
        {
            _summary = await _context.Ended.Task.ConfigureAwait(false);
            return _summary;
        }
        finally
        {
            // Each step is executed even if an earlier one throws: the report is written and the lock released after every run.
            try
            {
                if (_context.HasOwnHost && await _host.Task.ConfigureAwait(false) is { } host)
                {
                    await EndAsync(host).ConfigureAwait(false);
                }
            }
            finally
            {
                try
                {
                    if (!(_context.IsLocked && _context.Directory.IsRemoved))
                    {
                        RunReport.Write(_context.Directory.Path);
                    }
                }
                finally
                {
                    _context.Database.CloseIdle();
                    Released = _context.ReleaseAsync();
                }
            }
        }
    }

    private async Task EndAsync(IHost host)
    {
        await _followed.WaitAsync(_context.Settings.Shutdown.TerminateTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var deadline = new CancellationTokenSource(_context.Settings.Shutdown.TerminateTimeout);
        try
        {
            await host.StopAsync(deadline.Token).ConfigureAwait(false);
        }
        finally
        {
            host.Dispose();
        }
    }
}
