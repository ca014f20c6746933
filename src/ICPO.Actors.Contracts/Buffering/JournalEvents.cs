using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Buffering;

/// <summary>
/// An event of the trajectory buffer's journal. Small: token arrays are stored beside the journal and referenced by a
/// <see cref="BlobRef"/>.
/// </summary>
public interface IBufferEvent;

/// <summary>Rollouts of one origin and their response tokens.</summary>
public readonly record struct OriginCount(Origin Origin, int Rollouts, long Tokens);

/// <summary>A group was admitted and waits for its update; its payload was synced before this event was recorded.</summary>
/// <param name="Group">The group.</param>
/// <param name="DispatchedAt">The learner's version when it was dispatched.</param>
/// <param name="Payload">Its <see cref="TrainingGroup"/>.</param>
/// <param name="Kept">Members that train, per origin.</param>
/// <param name="Dropped">Rollouts of it that do not train.</param>
public sealed record GroupAdmittedEvent(
    GroupId Group,
    PolicyVersion DispatchedAt,
    BlobRef Payload,
    ImmutableArray<OriginCount> Kept,
    ImmutableArray<DroppedRollout> Dropped
) : IBufferEvent
{
    /// <summary>Sample standard deviation of the members' rewards; 0 in journals of earlier versions.</summary>
    public double RewardSpread { get; init; }
}

/// <summary>A rollout waits for its siblings; its payload was written before this event was recorded.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Tokens">Its response tokens.</param>
/// <param name="DispatchedAt">The learner's version when its group was dispatched.</param>
/// <param name="Payload">Its <see cref="JudgedRollout"/>.</param>
public sealed record RolloutStoredEvent(RolloutId Rollout, int Tokens, PolicyVersion DispatchedAt, BlobRef Payload) : IBufferEvent;

/// <summary>A stored rollout was dropped because its payload cannot be read; it is sampled again.</summary>
public sealed record RolloutDroppedEvent(RolloutId Rollout, int Tokens) : IBufferEvent;

/// <summary>A group was rejected: nothing of it trains.</summary>
public sealed record GroupRejectedEvent(GroupId Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped) : IBufferEvent;

/// <summary>The update after <paramref name="From"/> will train on exactly these groups, in this order.</summary>
public sealed record UpdatePreparedEvent(PolicyVersion From, LearnerEpoch Epoch, ImmutableArray<GroupId> Groups) : IBufferEvent
{
    /// <summary>Those of <see cref="Groups"/> that stay stored after the update, to train again.</summary>
    public ImmutableArray<GroupId> Kept { get; init; } = [];
}

/// <summary>The prepared update was committed and produced these weights; its groups are consumed.</summary>
public sealed record UpdateCommittedEvent(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256) : IBufferEvent
{
    /// <summary><see cref="Policies.ILearner.Hardware"/> of the learner; empty in journals of earlier versions.</summary>
    public string Hardware { get; init; } = "";
}

/// <summary>An update that was repeated on other hardware.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="WeightsSha256">The SHA-256 of the weights that it made this time.</param>
public readonly record struct RedoneUpdate(PolicyVersion Version, string WeightsSha256);

/// <summary>
/// Committed updates were repeated with the same groups on other hardware, which gave other weights; these replace the recorded ones.
/// </summary>
/// <param name="Epoch">The learner's epoch.</param>
/// <param name="Hardware"><see cref="Policies.ILearner.Hardware"/> of the learner.</param>
/// <param name="Updates">The updates, oldest first.</param>
public sealed record UpdatesRedoneEvent(LearnerEpoch Epoch, string Hardware, ImmutableArray<RedoneUpdate> Updates) : IBufferEvent;

/// <summary>A checkpoint is complete.</summary>
/// <param name="Version">Committed updates in it.</param>
/// <param name="Directory">Its directory, relative to the run's checkpoints.</param>
/// <param name="OldestKept">
/// The oldest version that recovery may return to if newer checkpoints are damaged: updates up to it no longer need payloads.
/// Null, in journals of earlier versions, means <paramref name="Version"/>.
/// </param>
public sealed record CheckpointWrittenEvent(PolicyVersion Version, string Directory, PolicyVersion? OldestKept = null) : IBufferEvent;

/// <summary>A learner started; commits of a lower epoch are rejected from now on.</summary>
public sealed record EpochStartedEvent(LearnerEpoch Epoch) : IBufferEvent;
