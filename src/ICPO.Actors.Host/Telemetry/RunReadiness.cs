using ICPO.Actors.Progress;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>Whether a run is active: its models are loaded, it has not ended, and it dispatches work.</summary>
internal sealed class RunReadiness
{
    private volatile bool _isReady;

    private RunReadiness() { }

    public bool IsReady => _isReady;

    public static RunReadiness Follow(IIcpoRun run)
    {
        var readiness = new RunReadiness();
        _ = readiness.FollowAsync(run);
        return readiness;
    }

    private async Task FollowAsync(IIcpoRun run)
    {
        await foreach (RunProgress progress in run.ProgressAsync().ConfigureAwait(false))
        {
            _isReady = progress.Phase is RunPhase.Training or RunPhase.Evaluating;
        }

        _isReady = false;
    }
}
