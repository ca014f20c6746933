using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>
/// Groups and rollouts that have arrived and are not in the journal yet: groups until the next write, rollouts for one to two timer
/// ticks. A rollout whose group is decided in that time is never written, so siblings that end close together cost one event.
/// </summary>
internal sealed class PendingWrites(IPayloadStore payloads)
{
    private readonly OrderedDictionary<GroupId, GroupAdmittedEvent> _groups = [];
    private OrderedDictionary<GroupId, List<StoreRollout>> _rollouts = [];
    private OrderedDictionary<GroupId, List<StoreRollout>> _older = [];

    /// <summary>Number of groups to write.</summary>
    public int Groups => _groups.Count;

    /// <summary>True while rollouts wait for their siblings or a tick.</summary>
    public bool HasRollouts => _rollouts.Count + _older.Count > 0;

    /// <summary>The first payload that the events to write refer to; null without any.</summary>
    public BlobRef? OldestPayload => _groups.Count > 0 ? _groups.GetAt(0).Value.Payload : null;

    /// <summary>True if the group is complete and waits to be written.</summary>
    public bool Contains(GroupId group) => _groups.ContainsKey(group);

    /// <summary>Writes the payload of a group and queues its event.</summary>
    public void Add(TrainingGroup group)
    {
        BlobRef payload = payloads.Append(GroupPayload.Write(group));
        ImmutableArray<OriginCount> kept =
        [
            .. group
                .Members.GroupBy(member => member.Rollout.Origin)
                .OrderBy(members => members.Key)
                .Select(members => new OriginCount(
                    members.Key,
                    members.Count(),
                    members.Sum(member => (long)member.Rollout.Tokens.Length)
                )),
        ];
        _groups.Add(
            group.Id,
            new GroupAdmittedEvent(group.Id, group.Spec.DispatchedAt, payload, kept, group.Dropped) { RewardSpread = Spread(group) }
        );
        Remove(group.Id);
    }

    private static double Spread(TrainingGroup group)
    {
        double[] rewards = [.. group.Members.Select(member => member.Judgment.Reward ?? 0)];
        double mean = rewards.Average();
        return rewards.Length > 1 ? Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / (rewards.Length - 1)) : 0;
    }

    /// <summary>Queues a rollout of an undecided group.</summary>
    public void Add(StoreRollout keep)
    {
        GroupId group = keep.Rollout.Rollout.Id.Group;
        if (!_rollouts.TryGetValue(group, out List<StoreRollout>? siblings))
        {
            _rollouts[group] = siblings = [];
        }

        siblings.Add(keep);
    }

    /// <summary>Drops the rollouts of a group that is decided.</summary>
    public void Remove(GroupId group)
    {
        _rollouts.Remove(group);
        _older.Remove(group);
    }

    /// <summary>Removes and returns the events of all complete groups.</summary>
    public ImmutableArray<GroupAdmittedEvent> TakeGroups()
    {
        ImmutableArray<GroupAdmittedEvent> events = [.. _groups.Values];
        _groups.Clear();
        return events;
    }

    /// <summary>Removes and returns the events of the rollouts that have waited for a whole tick, and writes their payloads.</summary>
    public ImmutableArray<RolloutStoredEvent> TakeOlderRollouts()
    {
        ImmutableArray<RolloutStoredEvent> events =
        [
            .. _older
                .Values.SelectMany(siblings => siblings)
                .Select(keep => new RolloutStoredEvent(
                    keep.Rollout.Rollout.Id,
                    keep.Rollout.Rollout.Tokens.Length,
                    keep.DispatchedAt,
                    payloads.Append(GroupPayload.Write(keep.Rollout))
                )),
        ];
        (_older, _rollouts) = (_rollouts, []);
        return events;
    }

    /// <summary>Removes and returns the events of all rollouts.</summary>
    public ImmutableArray<RolloutStoredEvent> TakeRollouts() => [.. TakeOlderRollouts(), .. TakeOlderRollouts()];
}
