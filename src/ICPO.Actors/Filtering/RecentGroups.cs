using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Filtering;

/// <summary>
/// Which rollouts of the groups decided last have arrived, and from which attempts, so that one that was sampled for nothing is told from
/// a repeated message. Bounded: of older groups nothing is known any more.
/// </summary>
internal sealed class RecentGroups(int capacity = 512)
{
    private readonly Queue<GroupId> _order = new();
    private readonly Dictionary<GroupId, HashSet<(RolloutId, int Attempt)>> _seen = [];

    public void Add(GroupId group, IEnumerable<(RolloutId, int Attempt)> seen)
    {
        if (!_seen.TryAdd(group, [.. seen]))
        {
            return;
        }

        _order.Enqueue(group);
        if (_order.Count > capacity)
        {
            _seen.Remove(_order.Dequeue());
        }
    }

    /// <summary>True the first time that this attempt's rollout of a group that is known arrives.</summary>
    public bool IsNew(RolloutId rollout, int attempt) =>
        _seen.TryGetValue(rollout.Group, out HashSet<(RolloutId, int Attempt)>? seen) && seen.Add((rollout, attempt));
}
