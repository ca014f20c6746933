using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Algorithm.Health;

/// <summary>Counts decided groups between two samples.</summary>
/// <param name="groupsPerUpdate">B; without an update a sample is due after several times as many rejected groups.</param>
public sealed class HealthCounters(int groupsPerUpdate)
{
    private const int RejectedPerUpdate = 4;
    private const int MinRejected = 16;
    private int _rejected;
    private int _withoutSignal;
    private long _judged;
    private long _faults;

    /// <summary>A group trains.</summary>
    public void Add(GroupAdmittedEvent admitted)
    {
        _judged += admitted.Kept.Sum(kept => kept.Rollouts);
        Add(admitted.Dropped);
    }

    /// <summary>A group was rejected. True if so many were that a sample is due though there was no update.</summary>
    public bool Add(GroupRejectedEvent rejected)
    {
        _rejected++;
        _withoutSignal += rejected.Reason == GroupRejection.NoSignal ? 1 : 0;
        Add(rejected.Dropped);
        return _rejected >= Math.Max(MinRejected, RejectedPerUpdate * groupsPerUpdate);
    }

    /// <summary>Returns the sample of an update, and starts the next one.</summary>
    /// <param name="update">The version that it made.</param>
    /// <param name="groups">Groups that it trained on.</param>
    /// <param name="metrics">By the names of <c>docs/metrics.md</c>.</param>
    public HealthSample Take(long update, int groups, IReadOnlyDictionary<string, double> metrics)
    {
        HealthSample rejected = Take(update);
        return rejected with
        {
            Metrics = metrics,
            Groups = groups + rejected.Groups,
            GroupsWithoutSignal = (groups * metrics.GetValueOrDefault("frac_reward_zero_std")) + rejected.GroupsWithoutSignal,
        };
    }

    /// <summary>Returns the sample of rejected groups without an update, and starts the next one.</summary>
    /// <param name="update">Committed updates.</param>
    public HealthSample Take(long update)
    {
        var sample = new HealthSample
        {
            Update = update,
            Groups = _rejected,
            GroupsWithoutSignal = _withoutSignal,
            Judged = _judged,
            VerifierFaults = _faults,
        };
        (_rejected, _withoutSignal, _judged, _faults) = (0, 0, 0, 0);
        return sample;
    }

    private void Add(IEnumerable<DroppedRollout> dropped)
    {
        foreach (DroppedRollout rollout in dropped)
        {
            _judged += rollout.Reason is DropReason.GenerationFailed ? 0 : 1;
            _faults += rollout.Reason is DropReason.VerifierFault ? 1 : 0;
        }
    }
}
