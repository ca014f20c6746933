using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Buffering;

/// <summary>
/// What the trajectory buffer's journal holds. Small: token arrays lie beside the journal, behind a <see cref="BlobRef"/>.
/// </summary>
public interface IBufferEvent;

/// <summary>Rollouts of one origin and their response tokens.</summary>
public readonly record struct OriginCount(Origin Origin, int Rollouts, long Tokens);

/// <summary>A group waits to be trained on; its payload was synced before this was recorded.</summary>
/// <param name="Group">Which group.</param>
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
) : IBufferEvent;

/// <summary>A rollout waits for its siblings; its payload was written before this was recorded.</summary>
/// <param name="Rollout">Which one.</param>
/// <param name="Tokens">Its response tokens.</param>
/// <param name="DispatchedAt">The learner's version when its group was dispatched.</param>
/// <param name="Payload">Its <see cref="JudgedRollout"/>.</param>
public sealed record RolloutStoredEvent(RolloutId Rollout, int Tokens, PolicyVersion DispatchedAt, BlobRef Payload) : IBufferEvent;

/// <summary>The payload of a rollout that waited for its siblings cannot be read; it is sampled again.</summary>
public sealed record RolloutDroppedEvent(RolloutId Rollout, int Tokens) : IBufferEvent;

/// <summary>Nothing of this group trains.</summary>
public sealed record GroupRejectedEvent(GroupId Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped) : IBufferEvent;

/// <summary>The update after <paramref name="From"/> will train on exactly these groups, in this order.</summary>
public sealed record UpdatePreparedEvent(PolicyVersion From, LearnerEpoch Epoch, ImmutableArray<GroupId> Groups) : IBufferEvent;

/// <summary>The prepared update made these weights; its groups are consumed.</summary>
public sealed record UpdateCommittedEvent(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256) : IBufferEvent;

/// <summary>A checkpoint lies complete.</summary>
/// <param name="Version">Updates behind it.</param>
/// <param name="Directory">Where it lies, relative to the run's checkpoints.</param>
/// <param name="OldestKept">
/// The oldest version that may still be gone back to, should newer checkpoints be damaged: updates up to it need no payload any more.
/// Null, in journals written before there was this, is <paramref name="Version"/> itself.
/// </param>
public sealed record CheckpointWrittenEvent(PolicyVersion Version, string Directory, PolicyVersion? OldestKept = null) : IBufferEvent;

/// <summary>A learner took over; commits of a lower epoch are refused from here on.</summary>
public sealed record EpochStartedEvent(LearnerEpoch Epoch) : IBufferEvent;
