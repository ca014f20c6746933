using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Buffering;

/// <summary>The buffer has read its journal and started a new epoch; sent once to its parent.</summary>
public sealed record BufferRecovered : INoSerializationVerificationNeeded
{
    /// <summary>The learner's epoch from now on.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The last committed update.</summary>
    public required PolicyVersion Committed { get; init; }

    /// <summary>Checkpoints that may be restored, newest first.</summary>
    public required ImmutableArray<CheckpointWrittenEvent> Checkpoints { get; init; }

    /// <summary>Committed updates since the oldest checkpoint (since the base model while there are few), oldest first.</summary>
    public required ImmutableArray<RecordedUpdate> Updates { get; init; }

    /// <summary>Number of admitted groups that have not trained.</summary>
    public required int Buffered { get; init; }

    /// <summary>Groups that were dispatched and are not decided, oldest first.</summary>
    public required ImmutableArray<GroupId> Undecided { get; init; }

    /// <summary>The first group number without any event.</summary>
    public required GroupId Next { get; init; }

    /// <summary>Admitted groups that have trained and will train again.</summary>
    public ImmutableArray<TrainedGroup> TrainingAgain { get; init; } = [];

    /// <summary>Groups that were admitted or rejected, so that later messages about them are recognized.</summary>
    public DecidedGroups Decided { get; init; } = new();

    /// <summary>Accounts for every rollout of a decided group.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>Undecided groups of which some rollouts are stored, oldest first.</summary>
    public ImmutableArray<PartialGroup> Kept { get; init; } = [];

    /// <summary>A description of the repairs made during recovery; null if nothing was damaged.</summary>
    public string? Note { get; init; }
}
