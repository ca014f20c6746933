using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>
/// What has come and is not recorded yet: groups until the next write, rollouts for one tick to two. Those whose group is decided by then
/// are
/// let go, so that siblings which end soon after each other cost nothing but their group.
/// </summary>
internal sealed class Arrivals(SegmentLog payloads)
{
    private readonly OrderedDictionary<GroupId, GroupAdmittedEvent> _groups = [];
    private OrderedDictionary<GroupId, List<StoreRollout>> _rollouts = [];
    private OrderedDictionary<GroupId, List<StoreRollout>> _older = [];

    /// <summary>Groups that wait to be recorded.</summary>
    public int Groups => _groups.Count;

    /// <summary>True where rollouts wait for their siblings or a tick.</summary>
    public bool HasRollouts => _rollouts.Count + _older.Count > 0;

    /// <summary>The first payload segment that events to come refer to; null where there is none.</summary>
    public int? OldestSegment => _groups.Values.Min(stored => (int?)stored.Payload.Segment);

    /// <summary>True where the group is decided.</summary>
    public bool Contains(GroupId group) => _groups.ContainsKey(group);

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
        _groups.Add(group.Id, new GroupAdmittedEvent(group.Id, group.Spec.DispatchedAt, payload, kept, group.Dropped));
        Forget(group.Id);
    }

    public void Add(StoreRollout keep)
    {
        GroupId group = keep.Rollout.Rollout.Id.Group;
        if (!_rollouts.TryGetValue(group, out List<StoreRollout>? siblings))
        {
            _rollouts[group] = siblings = [];
        }

        siblings.Add(keep);
    }

    /// <summary>The group is decided: its rollouts need not be recorded.</summary>
    public void Forget(GroupId group)
    {
        _rollouts.Remove(group);
        _older.Remove(group);
    }

    /// <summary>The events that record the groups that have come. Their payloads are written.</summary>
    public ImmutableArray<IBufferEvent> TakeGroups()
    {
        ImmutableArray<IBufferEvent> events = [.. _groups.Values];
        _groups.Clear();
        return events;
    }

    /// <summary>A tick: the events that record the rollouts that have waited for one already. Their payloads are written.</summary>
    public ImmutableArray<IBufferEvent> TakeOlderRollouts()
    {
        ImmutableArray<IBufferEvent> events =
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
}
