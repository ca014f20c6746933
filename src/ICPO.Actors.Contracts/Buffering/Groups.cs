using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Buffering;

/// <summary>The filter offers a group to the buffer, which answers <see cref="GroupAdmitted"/> once it is stored.</summary>
public sealed record AdmitGroup(TrainingGroup Group);

/// <summary>The filter requests the storage of a rollout whose siblings are still running, so that a crash does not lose it.</summary>
/// <param name="Rollout">With its verdict.</param>
/// <param name="DispatchedAt">The learner's version when its group was dispatched.</param>
public sealed record StoreRollout(JudgedRollout Rollout, PolicyVersion DispatchedAt);

/// <summary>The filter rejects a group; nothing of it trains.</summary>
public sealed record RejectGroup(GroupSpec Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped);

/// <summary>The group is stored and will train exactly once.</summary>
public sealed record GroupAdmitted(GroupId Group);

/// <summary>The rejection is recorded: nothing of this group trains.</summary>
public sealed record GroupRejected(GroupId Group, GroupRejection Reason);

/// <summary>The learner requests the oldest groups for the update that follows <paramref name="From"/>.</summary>
public sealed record RequestBatch(PolicyVersion From, LearnerEpoch Epoch, int Groups);

/// <summary>The groups of the update after <paramref name="From"/>; recorded as prepared before this is sent.</summary>
public sealed record BatchPrepared(PolicyVersion From, LearnerEpoch Epoch, ImmutableArray<TrainingGroup> Groups);

/// <summary>The learner finished an update.</summary>
public sealed record CommitUpdate(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256)
{
    /// <summary><see cref="Policies.ILearner.Hardware"/> of the learner.</summary>
    public string Hardware { get; init; } = "";
}

/// <summary>
/// The learner repeated committed updates on other hardware and continues with the other weights that they gave. Answered with the recorded
/// <see cref="UpdatesRedoneEvent"/>.
/// </summary>
/// <param name="Epoch">The learner's epoch.</param>
/// <param name="Hardware"><see cref="Policies.ILearner.Hardware"/> of the learner.</param>
/// <param name="Updates">The updates, oldest first.</param>
public sealed record RecordRedone(LearnerEpoch Epoch, string Hardware, ImmutableArray<RedoneUpdate> Updates);

/// <summary>The update is recorded; its groups are consumed.</summary>
public sealed record UpdateCommitted(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256);

/// <summary>A checkpoint of this version is complete in this directory (relative to the run's).</summary>
public sealed record CheckpointWritten(PolicyVersion Version, string Directory);
