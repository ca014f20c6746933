using System.Diagnostics.CodeAnalysis;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>The stored groups that are not consumed, ascending.</summary>
internal sealed class PendingGroups
{
    private readonly SortedDictionary<GroupId, PendingGroup> _groups = [];
    private readonly SortedDictionary<PolicyVersion, int> _dispatched = [];
    private readonly SortedDictionary<PolicyVersion, int> _admitted = [];

    public int Count => _groups.Count;

    /// <summary>All groups, ascending.</summary>
    public IReadOnlyCollection<PendingGroup> All => _groups.Values;

    public PendingGroup this[GroupId id] => _groups[id];

    public PendingGroup? Find(GroupId id) => _groups.GetValueOrDefault(id);

    public bool Contains(GroupId id) => _groups.ContainsKey(id);

    /// <summary>True if a group was dispatched before a version, or admitted before one; reads no group.</summary>
    public bool AnyOlder(long dispatched, long admitted) =>
        Count > 0 && (_dispatched.First().Key.Value < dispatched || _admitted.First().Key.Value < admitted);

    public void Add(PendingGroup group)
    {
        _groups.Add(group.Id, group);
        Tally(_dispatched, group.Stored.DispatchedAt, 1);
        Tally(_admitted, group.AdmittedAt, 1);
    }

    /// <summary>One more update has trained on the group.</summary>
    public void AddTraining(GroupId id) => _groups[id] = _groups[id] with { TimesTrained = _groups[id].TimesTrained + 1 };

    public bool Remove(GroupId id, [NotNullWhen(true)] out PendingGroup? removed)
    {
        if (!_groups.Remove(id, out removed))
        {
            return false;
        }

        Tally(_dispatched, removed.Stored.DispatchedAt, -1);
        Tally(_admitted, removed.AdmittedAt, -1);
        return true;
    }

    private static void Tally(SortedDictionary<PolicyVersion, int> counts, PolicyVersion version, int change)
    {
        int count = counts.GetValueOrDefault(version) + change;
        if (count == 0)
        {
            counts.Remove(version);
        }
        else
        {
            counts[version] = count;
        }
    }
}
