using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Metrics;

/// <summary>
/// Splits the staleness of groups: updates that were committed until a group was admitted (in flight) and while it waited in the buffer (in
/// the queue). Groups that were admitted before the process started are left out.
/// </summary>
public sealed class StalenessParts
{
    private readonly Dictionary<GroupId, long> _admitted = [];

    /// <summary>A group was admitted when <paramref name="committed"/> updates were committed.</summary>
    public void Admitted(GroupAdmittedEvent group, PolicyVersion committed)
    {
        ArgumentNullException.ThrowIfNull(group);
        _admitted[group.Group] = committed.Value;
    }

    /// <summary>The group does not train.</summary>
    public void Forget(GroupId group) => _admitted.Remove(group);

    /// <summary>Means over the members of the groups, which are forgotten; null if none is known.</summary>
    /// <param name="groups">The groups of an update.</param>
    /// <param name="from">The version on which the update is based.</param>
    public (double InFlight, double InQueue)? Take(IEnumerable<TrainingGroup> groups, PolicyVersion from)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (double flight, double queue, int known) = (0, 0, 0);
        foreach (TrainingGroup group in groups)
        {
            if (!_admitted.Remove(group.Id, out long at))
            {
                continue;
            }

            foreach (JudgedRollout member in group.Members)
            {
                flight += Math.Max(0, at - member.Rollout.OldestVersion.Value);
                queue += Math.Max(0, from.Value - at);
                known++;
            }
        }

        return known > 0 ? (flight / known, queue / known) : null;
    }
}
