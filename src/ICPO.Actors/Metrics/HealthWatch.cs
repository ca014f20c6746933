using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Algorithm.Health.Rules;
using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Metrics;

/// <summary>Feeds the events of a run to the health rules.</summary>
/// <param name="settings">The rules' bounds.</param>
/// <param name="groupsPerUpdate">B.</param>
/// <param name="committed">Updates of earlier starts.</param>
public sealed class HealthWatch(HealthSettings settings, int groupsPerUpdate, long committed)
{
    private readonly HealthCounters _counters = new(groupsPerUpdate);
    private HealthMonitor _monitor = new(settings, HealthRules.All);
    private long _update = committed;

    /// <summary>The current findings.</summary>
    public ImmutableArray<HealthFinding> Active => _monitor.Active;

    /// <summary>Everything that was reported.</summary>
    public ImmutableArray<HealthFinding> Findings => _monitor.Findings;

    public void Admitted(GroupAdmittedEvent admitted) => _counters.Add(admitted);

    /// <returns>Findings that did not hold before.</returns>
    public ImmutableArray<HealthFinding> Rejected(GroupRejectedEvent rejected) =>
        _counters.Add(rejected) ? Observe(_counters.Take(_update)) : [];

    /// <param name="update">The version that the update made.</param>
    /// <param name="groups">Groups that it trained on.</param>
    /// <param name="metrics">By the names of <c>docs/metrics.md</c>.</param>
    /// <returns>Findings that did not hold before.</returns>
    public ImmutableArray<HealthFinding> Updated(long update, int groups, IReadOnlyDictionary<string, double> metrics)
    {
        _update = update;
        return Observe(_counters.Take(update, groups, metrics));
    }

    private ImmutableArray<HealthFinding> Observe(HealthSample sample)
    {
        (_monitor, ImmutableArray<HealthFinding> found) = _monitor.Observe(sample);
        return found;
    }
}
