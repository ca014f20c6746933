using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>
/// The ledger of the journal's events: what was decided, consumed and dropped over all starts of a run. Rollouts whose group was never
/// decided are not in the journal; the metrics count them live.
/// </summary>
public static class JournalLedger
{
    private const string TrainedCounter = "groups/trained/";

    public static Ledger Admitted(this Ledger ledger, GroupAdmittedEvent stored)
    {
        OriginTally kept = Tally(stored);
        return Ended(ledger, stored.Group, kept + Tally(stored.Dropped)).GroupAdmitted(stored.Group, kept, stored.Dropped);
    }

    public static Ledger Rejected(this Ledger ledger, GroupRejectedEvent down, GroupAdmittedEvent? withdrawn) =>
        withdrawn is null
            ? Ended(ledger, down.Group, Tally(down.Dropped)).GroupRejected(down.Group, down.Reason, down.Dropped)
            : ledger.GroupExpired(withdrawn.Group, Tally(withdrawn), down.Reason);

    public static Ledger RolloutStoredEvent(this Ledger ledger, RolloutStoredEvent rollout) =>
        ledger.RolloutGenerated(rollout.Rollout, rollout.Tokens);

    /// <summary>The rollout that replaces it counts as generated again.</summary>
    public static Ledger RolloutDropped(this Ledger ledger, RolloutDroppedEvent rollout) =>
        ledger.RolloutDropped(new DroppedRollout(rollout.Rollout, rollout.Tokens, DropReason.Superseded));

    public static Ledger Consumed(this Ledger ledger, GroupAdmittedEvent stored) => ledger.GroupConsumed(stored.Group, Tally(stored));

    /// <summary>The counters by name, except those that follow from the stored groups and rollouts.</summary>
    public static ImmutableSortedDictionary<string, long> ToCounters(this Ledger ledger)
    {
        ImmutableSortedDictionary<string, long>.Builder counters = ImmutableSortedDictionary.CreateBuilder<string, long>(
            StringComparer.Ordinal
        );
        (counters["groups/admitted"], counters["groups/rejected"], counters["groups/consumed"], counters["groups/stale"]) = (
            ledger.GroupsAdmitted,
            ledger.GroupsRejected,
            ledger.GroupsConsumed,
            ledger.GroupsStale
        );
        if (ledger.GroupsWaitedTooLong > 0)
        {
            counters["groups/waited-too-long"] = ledger.GroupsWaitedTooLong;
        }

        Write(counters, "generated", ledger.Generated);
        foreach ((LedgerEntry entry, OriginTally tally) in ledger.Settled)
        {
            Write(counters, entry.ToString(), tally);
        }

        foreach ((int times, long groups) in ledger.TimesTrained)
        {
            counters[TrainedCounter + times.ToString(CultureInfo.InvariantCulture)] = groups;
        }

        return counters.ToImmutable();
    }

    /// <summary>
    /// Consumed groups by the number of updates that have trained on them. Snapshots of earlier versions count only those that are still
    /// stored; the others count as trained once.
    /// </summary>
    public static ImmutableSortedDictionary<int, long> TimesTrained(BufferSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var counted = snapshot
            .Ledger.Where(counter => counter.Key.StartsWith(TrainedCounter, StringComparison.Ordinal))
            .Select(counter => (Times: Times(counter.Key), counter.Value))
            .Where(counter => counter.Times > 0)
            .ToImmutableSortedDictionary(counter => counter.Times, counter => counter.Value);
        if (!counted.IsEmpty)
        {
            return counted;
        }

        var stored = snapshot
            .Trained.GroupBy(trained => trained.Times)
            .ToImmutableSortedDictionary(group => group.Key, group => (long)group.Count());
        long others = snapshot.Ledger.GetValueOrDefault("groups/consumed") - snapshot.Trained.Length;
        return others == 0 ? stored : stored.SetItem(1, stored.GetValueOrDefault(1) + others);
    }

    public static Ledger FromCounters(
        IReadOnlyDictionary<string, long> counters,
        IEnumerable<GroupAdmittedEvent> pending,
        IEnumerable<RolloutStoredEvent> rollouts
    ) =>
        new()
        {
            GroupsAdmitted = counters.GetValueOrDefault("groups/admitted"),
            GroupsRejected = counters.GetValueOrDefault("groups/rejected"),
            GroupsConsumed = counters.GetValueOrDefault("groups/consumed"),
            GroupsStale = counters.GetValueOrDefault("groups/stale"),
            GroupsWaitedTooLong = counters.GetValueOrDefault("groups/waited-too-long"),
            Generated = Read(counters, "generated"),
            Settled = Enum.GetValues<LedgerEntry>()
                .Select(entry => (Entry: entry, Tally: Read(counters, entry.ToString())))
                .Where(settled => !settled.Tally.IsZero)
                .ToImmutableSortedDictionary(settled => settled.Entry, settled => settled.Tally),
            Open = rollouts
                .GroupBy(rollout => rollout.Rollout.Group)
                .ToImmutableSortedDictionary(
                    group => group.Key,
                    group => new Ledger.OpenGroup(
                        group.Aggregate(default(OriginTally), (sum, rollout) => sum + OriginTally.Of(rollout.Rollout, rollout.Tokens)),
                        false
                    )
                ),
            Buffered = pending.ToImmutableSortedDictionary(stored => stored.Group, Tally),
        };

    /// <summary>
    /// Counts the rollouts of a decision that were not counted when they were stored. More stored rollouts than the decision names stay
    /// open: a fault of the ledger.
    /// </summary>
    private static Ledger Ended(Ledger ledger, GroupId group, OriginTally decided)
    {
        OriginTally rest = decided - ledger.Open.GetValueOrDefault(group).Remainder;
        return rest.IsNegative ? ledger : ledger.RolloutsEnded(group, rest);
    }

    private static int Times(string counter) =>
        int.TryParse(counter.AsSpan(TrainedCounter.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int times) ? times : 0;

    private static OriginTally Tally(ImmutableArray<DroppedRollout> dropped) =>
        dropped.Aggregate(default(OriginTally), (sum, rollout) =>
            sum + OriginTally.Of(rollout.Id, rollout.Reason == DropReason.GenerationFailed ? 0 : rollout.Tokens)
        );

    public static OriginTally Tally(GroupAdmittedEvent stored) =>
        stored.Kept.Aggregate(default(OriginTally), (sum, kept) =>
            sum
            + (
                kept.Origin == Origin.Policy
                    ? new OriginTally(new Tally(kept.Rollouts, kept.Tokens), default)
                    : new OriginTally(default, new Tally(kept.Rollouts, kept.Tokens))
            )
        );

    private static void Write(ImmutableSortedDictionary<string, long>.Builder counters, string name, OriginTally tally)
    {
        (counters[$"{name}/policy/rollouts"], counters[$"{name}/policy/tokens"]) = (tally.Policy.Rollouts, tally.Policy.Tokens);
        (counters[$"{name}/expert/rollouts"], counters[$"{name}/expert/tokens"]) = (tally.Expert.Rollouts, tally.Expert.Tokens);
    }

    private static OriginTally Read(IReadOnlyDictionary<string, long> counters, string name) =>
        new(
            new Tally(counters.GetValueOrDefault($"{name}/policy/rollouts"), counters.GetValueOrDefault($"{name}/policy/tokens")),
            new Tally(counters.GetValueOrDefault($"{name}/expert/rollouts"), counters.GetValueOrDefault($"{name}/expert/tokens"))
        );
}
