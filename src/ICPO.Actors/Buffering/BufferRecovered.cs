using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Buffering;

/// <summary>The buffer stands: what its journal says, told once to its parent.</summary>
/// <param name="Epoch">The learner's epoch from now on.</param>
/// <param name="Committed">The last committed update.</param>
/// <param name="Checkpoints">Checkpoints that are kept, newest first.</param>
/// <param name="Updates">Committed updates since the oldest of them (since the base model, while there are few), oldest first.</param>
/// <param name="Buffered">Admitted groups that wait.</param>
/// <param name="Undecided">Groups dispatched before whose fate is not recorded, oldest first.</param>
/// <param name="Next">The first group number of which nothing is recorded.</param>
/// <param name="Ledger">What became of every rollout that was decided about.</param>
/// <param name="Note">What recovery had to mend, for a person.</param>
public sealed record BufferRecovered(
    LearnerEpoch Epoch,
    PolicyVersion Committed,
    ImmutableArray<CheckpointWrittenEvent> Checkpoints,
    ImmutableArray<RecordedUpdate> Updates,
    int Buffered,
    ImmutableArray<GroupId> Undecided,
    GroupId Next,
    Ledger Ledger,
    string? Note
) : INoSerializationVerificationNeeded
{
    /// <summary>Undecided groups of which rollouts are there already, oldest first.</summary>
    public ImmutableArray<PartialGroup> Kept { get; init; } = [];
}
