using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>Which events may follow which state of the buffer.</summary>
public static class JournalRules
{
    /// <summary>Why an event cannot follow on a state; null where it can.</summary>
    public static string? Violation(BufferState state, IBufferEvent happened) =>
        happened switch
        {
            GroupAdmittedEvent stored when state.Decided.Contains(stored.Group) =>
                $"Group {stored.Group} was stored though it had been decided about before.",
            RolloutStoredEvent rollout when state.Decided.Contains(rollout.Rollout.Group) =>
                $"Rollout {rollout.Rollout} was kept though its group had been decided about before.",
            RolloutStoredEvent rollout when Kept(state, rollout.Rollout) => $"Rollout {rollout.Rollout} was kept twice.",
            RolloutDroppedEvent rollout when !Kept(state, rollout.Rollout) =>
                $"Rollout {rollout.Rollout} was given up though it had not been kept.",
            GroupRejectedEvent down when state.Prepared?.Groups.Contains(down.Group) is true =>
                $"Group {down.Group} was turned down ({down.Reason}) though an update was prepared with it.",
            GroupRejectedEvent down when state.Decided.Contains(down.Group) && !state.IsPending(down.Group) =>
                $"Group {down.Group} was turned down ({down.Reason}) though it had been decided about before.",
            UpdatePreparedEvent prepared when prepared.From != state.Committed || state.Prepared is not null =>
                $"An update after {prepared.From} was prepared where {state.Committed} was committed{(state.Prepared is null ? "" : " and another was prepared")}.",
            UpdatePreparedEvent prepared when prepared.Groups.Any(id => !state.IsPending(id)) =>
                $"The update after {prepared.From} was prepared with groups that were not waiting: {string.Join(", ", prepared.Groups.Where(id => !state.IsPending(id)))}.",
            UpdatePreparedEvent prepared when prepared.Groups.Distinct().Count() < prepared.Groups.Length =>
                $"The update after {prepared.From} was prepared with a group twice.",
            UpdateCommittedEvent recorded when state.Prepared?.From.Next() != recorded.Version =>
                $"Update {recorded.Version} was committed though it was not prepared.",
            EpochStartedEvent started when started.Epoch.Value <= state.Epoch.Value => $"Epoch {started.Epoch} began after {state.Epoch}.",
            _ => null,
        };

    private static bool Kept(BufferState state, RolloutId id) =>
        state.Rollouts.GetValueOrDefault(id.Group, []).Any(kept => kept.Rollout == id);
}
