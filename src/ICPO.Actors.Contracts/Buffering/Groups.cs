using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Buffering;

/// <summary>The filter offers a group to the buffer, which answers <see cref="GroupAdmitted"/> once it is stored.</summary>
public sealed record AdmitGroup(TrainingGroup Group);

/// <summary>
/// The filter asks the buffer to keep a rollout whose siblings are still under way, so that it need not be sampled again if the run dies.
/// </summary>
/// <param name="Rollout">With its verdict.</param>
/// <param name="DispatchedAt">The learner's version when its group was dispatched.</param>
public sealed record StoreRollout(JudgedRollout Rollout, PolicyVersion DispatchedAt);

/// <summary>The filter turns a group down; nothing of it trains.</summary>
public sealed record RejectGroup(GroupSpec Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped);

/// <summary>Stored: this group will train exactly once.</summary>
public sealed record GroupAdmitted(GroupId Group);

/// <summary>Recorded: nothing of this group trains.</summary>
public sealed record GroupRejected(GroupId Group, GroupRejection Reason);

/// <summary>The learner asks for the oldest groups to make the update that follows <paramref name="From"/>.</summary>
public sealed record RequestBatch(PolicyVersion From, LearnerEpoch Epoch, int Groups);

/// <summary>The groups of the update after <paramref name="From"/>; recorded as prepared before this is said.</summary>
public sealed record BatchPrepared(PolicyVersion From, LearnerEpoch Epoch, ImmutableArray<TrainingGroup> Groups);

/// <summary>The learner made an update.</summary>
public sealed record CommitUpdate(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256);

/// <summary>The update is recorded; its groups are consumed.</summary>
public sealed record UpdateCommitted(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256);

/// <summary>A checkpoint of this version lies complete in this directory (relative to the run's).</summary>
public sealed record CheckpointWritten(PolicyVersion Version, string Directory);
