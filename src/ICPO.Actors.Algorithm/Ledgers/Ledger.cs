using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Ledgers;

/// <summary>
/// Accounts for every group, rollout and token: generated = consumed + buffered + open + stale + rejected (by reason) + failed, per
/// origin. A rollout is counted when it ends, when its group is decided and when it trains, each time from that event's own tokens; per
/// group the first two and the last two must cancel, so a rollout that is lost, counted twice or trained twice leaves a remainder and the
/// ledger does not close. The order of events of different actors does not matter. A pure fold: the same events give the same ledger.
/// </summary>
public sealed record Ledger
{
    public static Ledger Empty { get; } = new();

    /// <summary>Rollouts that ended, complete or failed (a failed one has no tokens).</summary>
    public OriginTally Generated { get; init; }

    public long GroupsAdmitted { get; init; }

    public long GroupsRejected { get; init; }

    public long GroupsConsumed { get; init; }

    /// <summary>Admitted groups that were rejected because they exceeded the staleness bound.</summary>
    public long GroupsStale { get; init; }

    /// <summary>Admitted groups that were rejected because they had waited in the buffer for too long.</summary>
    public long GroupsWaitedTooLong { get; init; }

    /// <summary>Admitted groups that were rejected because of their age.</summary>
    public long GroupsExpired => GroupsStale + GroupsWaitedTooLong;

    /// <summary>
    /// Consumed groups by the number of updates that have trained on them; a ledger that counts first updates only has them all at 1.
    /// </summary>
    public ImmutableSortedDictionary<int, long> TimesTrained { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>Rollouts whose fate is final.</summary>
    public ImmutableSortedDictionary<LedgerEntry, OriginTally> Settled { get; init; } =
        ImmutableSortedDictionary<LedgerEntry, OriginTally>.Empty;

    /// <summary>Per group: generated less decided.</summary>
    public ImmutableSortedDictionary<GroupId, OpenGroup> Open { get; init; } = ImmutableSortedDictionary<GroupId, OpenGroup>.Empty;

    /// <summary>Per group: admitted less consumed.</summary>
    public ImmutableSortedDictionary<GroupId, OriginTally> Buffered { get; init; } = ImmutableSortedDictionary<GroupId, OriginTally>.Empty;

    /// <summary>A group's rollouts that ended, less those that were decided about.</summary>
    public readonly record struct OpenGroup(OriginTally Remainder, bool Decided);

    public OriginTally this[LedgerEntry entry] =>
        entry switch
        {
            LedgerEntry.Open => Open.Values.Aggregate(default(OriginTally), (sum, g) => sum + g.Remainder),
            LedgerEntry.Buffered => Buffered.Values.Aggregate(default(OriginTally), (sum, g) => sum + g),
            _ => Settled.GetValueOrDefault(entry),
        };

    /// <summary>A rollout is complete.</summary>
    public Ledger RolloutGenerated(RolloutId id, int tokens) => RolloutsEnded(id.Group, OriginTally.Of(id, tokens));

    /// <summary>A rollout failed; its group's decision drops it as <see cref="DropReason.GenerationFailed"/>.</summary>
    public Ledger RolloutFailed(RolloutId id) => RolloutsEnded(id.Group, OriginTally.Of(id, 0));

    /// <summary>Several rollouts of a group ended, as one record of the group reports.</summary>
    public Ledger RolloutsEnded(GroupId group, OriginTally rollouts) =>
        Shift(group, rollouts, decides: false) with
        {
            Generated = Generated + rollouts,
        };

    /// <summary>A rollout that no group decides about, because it arrived twice or too late.</summary>
    public Ledger RolloutDropped(DroppedRollout dropped)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        var tally = OriginTally.Of(dropped.Id, dropped.Tokens);
        return Shift(dropped.Id.Group, default(OriginTally) - tally, decides: false).Settle(LedgerEntries.Of(dropped.Reason, null), tally);
    }

    /// <summary>A group was admitted.</summary>
    public Ledger GroupAdmitted(TrainingGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return GroupAdmitted(group.Id, OriginTally.Of(group.Members), group.Dropped);
    }

    /// <inheritdoc cref="GroupAdmitted(TrainingGroup)"/>
    public Ledger GroupAdmitted(GroupId group, OriginTally members, ImmutableArray<DroppedRollout> dropped) =>
        Decide(group, members, dropped, null).Store(group, members) with
        {
            GroupsAdmitted = GroupsAdmitted + 1,
        };

    /// <summary>The filter rejected a group.</summary>
    public Ledger GroupRejected(GroupId group, GroupRejection reason, ImmutableArray<DroppedRollout> dropped) =>
        Decide(group, default, dropped, reason) with
        {
            GroupsRejected = GroupsRejected + 1,
        };

    /// <summary>An admitted group was dropped because of its age.</summary>
    public Ledger GroupExpired(TrainingGroup group, GroupRejection reason)
    {
        ArgumentNullException.ThrowIfNull(group);
        return GroupExpired(group.Id, OriginTally.Of(group.Members), reason);
    }

    /// <inheritdoc cref="GroupExpired(TrainingGroup, GroupRejection)"/>
    public Ledger GroupExpired(GroupId group, OriginTally members, GroupRejection reason) =>
        Leave(group, members, LedgerEntries.Of(DropReason.GroupRejected, reason)) with
        {
            GroupsStale = GroupsStale + (reason == GroupRejection.Stale ? 1 : 0),
            GroupsWaitedTooLong = GroupsWaitedTooLong + (reason == GroupRejection.WaitedTooLong ? 1 : 0),
        };

    /// <summary>An update was committed; <paramref name="groups"/> are those on which the learner trained for the first time.</summary>
    public Ledger UpdateConsumed(IEnumerable<TrainingGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Aggregate(this, (ledger, group) => ledger.GroupConsumed(group.Id, OriginTally.Of(group.Members)).GroupTrained(1));
    }

    /// <summary>A committed update trained on a group.</summary>
    public Ledger GroupConsumed(GroupId group, OriginTally members) =>
        Leave(group, members, LedgerEntry.Consumed) with
        {
            GroupsConsumed = GroupsConsumed + 1,
        };

    /// <summary>A committed update trained on a consumed group for the <paramref name="times"/>-th time, counted from 1.</summary>
    public Ledger GroupTrained(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        ImmutableSortedDictionary<int, long> trained = TimesTrained.SetItem(times, TimesTrained.GetValueOrDefault(times) + 1);
        if (times > 1)
        {
            long before = trained.GetValueOrDefault(times - 1) - 1;
            trained = before == 0 ? trained.Remove(times - 1) : trained.SetItem(times - 1, before);
        }

        return this with
        {
            TimesTrained = trained,
        };
    }

    /// <summary>Inconsistencies, one sentence each; empty if the ledger closes.</summary>
    public IEnumerable<string> Faults()
    {
        foreach ((GroupId id, OpenGroup group) in Open.Where(g => g.Value.Decided || g.Value.Remainder.IsNegative))
        {
            string expected = group.Decided ? "nothing" : "nothing below 0";
            yield return $"Group {id}: generated less decided is {Text(group.Remainder)}, expected {expected}.";
        }

        foreach ((GroupId id, OriginTally rest) in Buffered.Where(g => g.Value.IsNegative))
        {
            yield return $"Group {id}: consumed more than was admitted, by {Text(default(OriginTally) - rest)}.";
        }

        if (GroupsAdmitted != GroupsConsumed + GroupsExpired + Buffered.Count)
        {
            yield return $"{GroupsAdmitted} groups were admitted, "
                + $"but {GroupsConsumed} consumed, {GroupsExpired} too old and {Buffered.Count} buffered.";
        }

        long trained = TimesTrained.Values.Aggregate(0L, (sum, groups) => sum + groups);
        if (!TimesTrained.IsEmpty && (trained != GroupsConsumed || TimesTrained.Values.Any(groups => groups < 0)))
        {
            yield return $"{GroupsConsumed} groups were consumed, but by the times that updates trained on them they are "
                + $"{string.Join(" + ", TimesTrained.Select(entry => $"{entry.Value} ({entry.Key} times)"))}.";
        }

        OriginTally outcomes = LedgerEntries.Names.Keys.Aggregate(default(OriginTally), (sum, entry) => sum + this[entry]);
        if (outcomes != Generated)
        {
            yield return $"Generated {Text(Generated)}, but accounted for {Text(outcomes)}.";
        }
    }

    /// <summary>True if everything that was generated is accounted for, group by group.</summary>
    public bool Closes => !Faults().Any();

    /// <summary>Rows for display: the generated rollouts, then every entry that is not empty.</summary>
    public IEnumerable<LedgerRow> Rows() =>
        [
            new LedgerRow("generated", Generated),
            .. LedgerEntries.Names.Select(e => new LedgerRow(e.Value, this[e.Key])).Where(row => !row.Tally.IsZero),
        ];

    private Ledger Decide(GroupId group, OriginTally members, ImmutableArray<DroppedRollout> dropped, GroupRejection? rejection)
    {
        Ledger ledger = this;
        OriginTally decided = members;
        foreach (DroppedRollout rollout in dropped)
        {
            var tally = OriginTally.Of(rollout.Id, rollout.Tokens);
            decided += tally;
            ledger = ledger.Settle(LedgerEntries.Of(rollout.Reason, rejection), tally);
        }

        return ledger.Shift(group, default(OriginTally) - decided, decides: true);
    }

    private Ledger Shift(GroupId group, OriginTally change, bool decides)
    {
        OpenGroup before = Open.GetValueOrDefault(group);
        OpenGroup after = new(before.Remainder + change, before.Decided || decides);
        return this with { Open = after.Remainder.IsZero ? Open.Remove(group) : Open.SetItem(group, after) };
    }

    private Ledger Store(GroupId group, OriginTally change)
    {
        OriginTally after = Buffered.GetValueOrDefault(group) + change;
        return this with { Buffered = after.IsZero ? Buffered.Remove(group) : Buffered.SetItem(group, after) };
    }

    private Ledger Leave(GroupId group, OriginTally members, LedgerEntry entry) =>
        Store(group, default(OriginTally) - members).Settle(entry, members);

    private Ledger Settle(LedgerEntry entry, OriginTally tally) =>
        tally.IsZero ? this : this with { Settled = Settled.SetItem(entry, Settled.GetValueOrDefault(entry) + tally) };

    private static string Text(OriginTally tally) =>
        $"{tally.Policy.Rollouts} policy rollouts ({tally.Policy.Tokens} tokens) and "
        + $"{tally.Expert.Rollouts} expert rollouts ({tally.Expert.Tokens} tokens)";
}
