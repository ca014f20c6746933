using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Filtering;

/// <summary>
/// Which rollouts of recently decided groups have arrived, and from which attempts, to distinguish a rollout that was sampled in vain from
/// a repeated message. Bounded: older groups are forgotten.
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
