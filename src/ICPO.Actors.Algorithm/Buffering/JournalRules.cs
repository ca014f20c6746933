using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>
/// Which events may follow which state of the buffer. Stated once: <see cref="BufferState.Decide"/> proposes no event that breaks a rule,
/// and the audit reports the events of a journal that do.
/// </summary>
public static class JournalRules
{
    /// <summary>
    /// The most groups that can be between the first undecided one and another: numbers of groups are given one after another, and far
    /// fewer are in flight.
    /// </summary>
    private const long MaxSpan = 1 << 24;

    private const long MaxVersion = 1L << 53;
    private const int MaxSiblings = 1 << 16;
    private const int MaxTimesTrained = 1 << 20;

    /// <summary>Why an event cannot follow on a state; null if it can.</summary>
    public static string? Violation(BufferState state, IBufferEvent happened) => Number(state, happened) ?? Order(state, happened);

    /// <summary>Why no state can be restored from a snapshot; null if one can.</summary>
    public static string? Violation(BufferSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        HashSet<GroupId> pending = [.. snapshot.Pending.Select(stored => stored.Group)];
        IEnumerable<GroupId> groups = pending
            .Concat(snapshot.ResolvedAbove)
            .Concat(snapshot.Rollouts.Select(stored => stored.Rollout.Group));
        if (snapshot.ResolvedBelow is < 0 or > MaxVersion || groups.Any(group => group.Value > snapshot.ResolvedBelow + MaxSpan))
        {
            return $"The groups below g{snapshot.ResolvedBelow} are decided, and the number of another group is far from it.";
        }

        bool isVersion = snapshot.Uncheckpointed.All(update => update.Version.Value is > 0 and <= MaxVersion);
        if (
            !isVersion
            || snapshot.Committed.Value > MaxVersion
            || snapshot.Prepared?.From.Value > MaxVersion
            || snapshot.Rollouts.Any(stored => !IsPossible(stored.Rollout))
        )
        {
            return "The number of a version or of a rollout is out of range.";
        }

        if (pending.Count < snapshot.Pending.Length)
        {
            return "A group waits twice.";
        }

        bool areTrained = snapshot.Trained.All(trained => trained.Times is >= 1 and <= MaxTimesTrained && pending.Contains(trained.Group));
        if (!areTrained || HaveDuplicates(snapshot.Trained))
        {
            return "A group that has trained is not waiting, or is listed twice.";
        }

        if (
            snapshot.Admitted.Any(admitted => !pending.Contains(admitted.Group) || admitted.Committed > snapshot.Committed)
            || snapshot.Admitted.DistinctBy(admitted => admitted.Group).Count() < snapshot.Admitted.Length
        )
        {
            return "A group was admitted that is not waiting, later than the last update, or twice.";
        }

        return
            snapshot.Prepared is { } prepared
            && prepared.Groups.FirstOrDefault(group => !pending.Contains(group), None) is var missing
            && missing != None
            ? $"The update after {prepared.From} was prepared with group {missing}, which is not waiting."
            : null;
    }

    private static bool HaveDuplicates(ImmutableArray<TrainedGroup> trained) =>
        trained.Select(group => group.Group).Distinct().Count() < trained.Length;

    private static GroupId None => new(long.MaxValue);

    /// <summary>Why a number in an event is impossible; null if all are possible.</summary>
    private static string? Number(BufferState state, IBufferEvent happened) =>
        happened switch
        {
            GroupAdmittedEvent stored => Number(state, stored.Group, stored.Dropped),
            GroupRejectedEvent down => Number(state, down.Group, down.Dropped),
            RolloutStoredEvent rollout when !IsPossible(rollout.Rollout) => $"Rollout {rollout.Rollout} has an impossible number.",
            RolloutStoredEvent rollout => Number(state, rollout.Rollout.Group, []),
            UpdatePreparedEvent { From.Value: > MaxVersion } prepared => $"The update after {prepared.From} has an impossible number.",
            _ => null,
        };

    private static string? Number(BufferState state, GroupId group, ImmutableArray<DroppedRollout> dropped)
    {
        if (group.Value > state.Decided.Watermark + MaxSpan)
        {
            return $"Group {group} has an impossible number: g{state.Decided.Watermark} is undecided.";
        }

        return dropped.All(rollout => IsPossible(rollout.Id)) ? null : $"Group {group} drops a rollout with an impossible number.";
    }

    private static bool IsPossible(RolloutId id) => id.Sibling is >= 0 and < MaxSiblings;

    private static string? Order(BufferState state, IBufferEvent happened) =>
        happened switch
        {
            GroupAdmittedEvent stored when stored.Dropped.Any(rollout => rollout.Reason == DropReason.GroupRejected) =>
                $"Group {stored.Group} was admitted, but drops a rollout because it was rejected.",
            RolloutDroppedEvent { Tokens: < 0 } rollout => $"Rollout {rollout.Rollout} has a negative length.",
            GroupAdmittedEvent stored when state.Decided.Contains(stored.Group) =>
                $"Group {stored.Group} was admitted, but it had been decided before.",
            RolloutStoredEvent rollout when state.Decided.Contains(rollout.Rollout.Group) =>
                $"Rollout {rollout.Rollout} was stored, but its group had been decided before.",
            RolloutStoredEvent rollout when state.IsStored(rollout.Rollout) => $"Rollout {rollout.Rollout} was stored twice.",
            RolloutDroppedEvent rollout when !state.IsStored(rollout.Rollout) =>
                $"Rollout {rollout.Rollout} was dropped, but it had not been stored.",
            GroupRejectedEvent down when state.TimesTrained(down.Group) > 0 =>
                $"Group {down.Group} was rejected ({down.Reason}), but an update had trained on it.",
            GroupRejectedEvent down => Violation(state, down),
            UpdatePreparedEvent prepared when prepared.Kept.Except(prepared.Groups).Any() =>
                $"The update after {prepared.From} keeps a group that it does not train on.",
            UpdatePreparedEvent prepared => Violation(state, prepared),
            UpdateCommittedEvent recorded when recorded.Epoch != state.Epoch =>
                $"Update {recorded.Version} was committed by {recorded.Epoch} in {state.Epoch}.",
            UpdateCommittedEvent recorded when state.Prepared?.From.Next() != recorded.Version =>
                $"Update {recorded.Version} was committed, but it was not prepared.",
            UpdatesRedoneEvent redone when redone.Epoch != state.Epoch =>
                $"Updates were repeated on other hardware by {redone.Epoch} in {state.Epoch}.",
            UpdatesRedoneEvent redone when redone.Updates.Any(update => state.Uncheckpointed.All(made => made.Version != update.Version)) =>
                "Updates were repeated on other hardware that are not among those after the oldest checkpoint.",
            CheckpointWrittenEvent checkpoint when checkpoint.Version > state.Committed =>
                $"A checkpoint of {checkpoint.Version} was recorded, but only {state.Committed} was committed.",
            EpochStartedEvent started when started.Epoch.Value <= state.Epoch.Value =>
                $"Epoch {started.Epoch} started after {state.Epoch}.",
            _ => null,
        };

    /// <summary>Why a learner of this epoch and version is rejected; null if it is the current one.</summary>
    internal static string? Fence(BufferState state, PolicyVersion from, LearnerEpoch epoch) =>
        (from, epoch) == (state.Committed, state.Epoch)
            ? null
            : $"A batch after {from} belongs to {epoch}, but {state.Committed} is committed in {state.Epoch}.";

    /// <summary>A stored group may only expire, and only while no update is prepared with it.</summary>
    private static string? Violation(BufferState state, GroupRejectedEvent down)
    {
        if (state.Prepared?.Groups.Contains(down.Group) is true)
        {
            return $"Group {down.Group} was rejected ({down.Reason}), but an update was prepared with it.";
        }

        bool possible = down.Reason.IsExpiry() ? state.IsPending(down.Group) : !state.Decided.Contains(down.Group);
        return possible ? null : $"Group {down.Group} was rejected ({down.Reason}), which its state does not allow.";
    }

    private static string? Violation(BufferState state, UpdatePreparedEvent prepared)
    {
        if (Fence(state, prepared.From, prepared.Epoch) is { } fenced)
        {
            return fenced;
        }

        if (state.Prepared is not null)
        {
            return $"The update after {prepared.From} was prepared twice.";
        }

        GroupId[] missing = [.. prepared.Groups.Where(id => !state.IsPending(id))];
        if (missing.Length > 0)
        {
            return $"The update after {prepared.From} was prepared with groups that were not waiting: {string.Join(", ", missing)}.";
        }

        return prepared.Groups.Distinct().Count() < prepared.Groups.Length
            ? $"The update after {prepared.From} was prepared with a group twice."
            : null;
    }
}
