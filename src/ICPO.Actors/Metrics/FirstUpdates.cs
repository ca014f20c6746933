using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Metrics;

/// <summary>Recognizes the first of several updates that train on a group; a group is forgotten after its last one.</summary>
/// <param name="trained">Groups that have trained before and will train again.</param>
/// <param name="samplesPerInsert">n, updates that train on a group.</param>
public sealed class FirstUpdates(IEnumerable<TrainedGroup> trained, int samplesPerInsert)
{
    private readonly Dictionary<GroupId, int> _times = trained.ToDictionary(group => group.Group, group => group.Times);

    /// <summary>Counts an update of a group.</summary>
    /// <returns>True if it is the first one.</returns>
    public bool Take(GroupId group)
    {
        _times.Remove(group, out int before);
        if (before + 1 < samplesPerInsert)
        {
            _times[group] = before + 1;
        }

        return before == 0;
    }
}
