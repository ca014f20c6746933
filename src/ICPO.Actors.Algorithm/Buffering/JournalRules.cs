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
    /// <summary>Why an event cannot follow on a state; null where it can.</summary>
    public static string? Violation(BufferState state, IBufferEvent happened) =>
        happened switch
        {
            GroupAdmittedEvent stored when state.Decided.Contains(stored.Group) =>
                $"Group {stored.Group} was admitted, but it had been decided before.",
            RolloutStoredEvent rollout when state.Decided.Contains(rollout.Rollout.Group) =>
                $"Rollout {rollout.Rollout} was stored, but its group had been decided before.",
            RolloutStoredEvent rollout when state.IsStored(rollout.Rollout) => $"Rollout {rollout.Rollout} was stored twice.",
            RolloutDroppedEvent rollout when !state.IsStored(rollout.Rollout) =>
                $"Rollout {rollout.Rollout} was dropped, but it had not been stored.",
            GroupRejectedEvent down => Violation(state, down),
            UpdatePreparedEvent prepared => Violation(state, prepared),
            UpdateCommittedEvent recorded when recorded.Epoch != state.Epoch =>
                $"Update {recorded.Version} was committed by {recorded.Epoch} in {state.Epoch}.",
            UpdateCommittedEvent recorded when state.Prepared?.From.Next() != recorded.Version =>
                $"Update {recorded.Version} was committed, but it was not prepared.",
            CheckpointWrittenEvent checkpoint when checkpoint.Version > state.Committed =>
                $"A checkpoint of {checkpoint.Version} was recorded, but only {state.Committed} was committed.",
            EpochStartedEvent started when started.Epoch.Value <= state.Epoch.Value =>
                $"Epoch {started.Epoch} started after {state.Epoch}.",
            _ => null,
        };

    /// <summary>Why a learner of this epoch and version is refused; null where it is the current one.</summary>
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

        bool possible = down.Reason == GroupRejection.Stale ? state.IsPending(down.Group) : !state.Decided.Contains(down.Group);
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
