using System.Collections.Immutable;
using ICPO.Actors.Runs;

namespace ICPO.Actors.HealthChecks;

/// <summary>The runs of a host app that health checks report on. Thread-safe.</summary>
internal sealed class RunStates(TimeProvider time)
{
    private readonly Lock _gate = new();
    private ImmutableList<FollowedRun> _runs = [];

    /// <summary>Reports on a run from now on. Earlier runs are no longer reported, since a new start follows a handled failure.</summary>
    public void Follow(IIcpoRun run)
    {
        var followed = new FollowedRun(run, time);
        lock (_gate)
        {
            _runs = _runs.RemoveAll(earlier => !earlier.Read().IsActive).Add(followed);
        }

        _ = followed.FollowAsync();
    }

    public ImmutableArray<RunState> Read() => [.. _runs.Select(run => run.Read())];
}
