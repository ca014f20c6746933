using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Learning;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Runs;

/// <summary>A run as its owner sees it.</summary>
public sealed class IcpoRun : IIcpoRun
{
    private readonly RunPlan _plan;
    private readonly TaskCompletionSource<IHost?> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private IActorRef? _actor;
    private bool _stopAsked;
    private volatile RunSummary? _summary;

    internal IcpoRun(RunPlan plan)
    {
        _plan = plan;
        Completion = CompleteAsync();
    }

    public string Directory => _plan.Directory.Path;

    public IReadOnlyList<string> Notes => _plan.Notes;

    public Task<RunSummary> Completion { get; }

    public string ModelDirectory =>
        Path.Combine(
            _plan.Directory.Checkpoints,
            LearnerPlan.CheckpointName(new PolicyVersion(_summary?.Updates ?? _plan.Settings.Updates))
        );

    public IAsyncEnumerable<RunProgress> ProgressAsync(CancellationToken cancellationToken = default) =>
        _plan.Progress.ListenAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _stopAsked = true;
            _actor?.Tell(RunActor.Stop.Instance);
        }

        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The actor that runs it stands; a stop that was asked for before is passed on.</summary>
    internal void Attach(IActorRef actor)
    {
        lock (_gate)
        {
            _actor = actor;
            if (_stopAsked)
            {
                actor.Tell(RunActor.Stop.Instance);
            }
        }
    }

    /// <summary>The host that was made for this run alone ends with it.</summary>
    internal void EndsWith(IHost host) => _host.TrySetResult(host);

    private async Task<RunSummary> CompleteAsync()
    {
        try
        {
            _summary = await _plan.Ended.Task.ConfigureAwait(false);
            return _summary;
        }
        finally
        {
            if (_plan.HasOwnHost && await _host.Task.ConfigureAwait(false) is { } host)
            {
                using var deadline = new CancellationTokenSource(_plan.Settings.Shutdown.TerminateTimeout);
                await host.StopAsync(deadline.Token).ConfigureAwait(false);
                host.Dispose();
            }

            try
            {
                RunReport.Write(_plan.Directory.Path);
            }
            finally
            {
                _plan.Lock?.Dispose();
            }
        }
    }
}
