using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Buffering;

/// <summary>
/// A committed update that may have to be repeated from its payloads after a crash, and must then produce the same weights on the same
/// hardware.
/// </summary>
public sealed record UncheckpointedUpdate(PolicyVersion Version, string WeightsSha256, ImmutableArray<GroupAdmittedEvent> Groups)
{
    /// <summary>The hardware that computed it; empty in journals of earlier versions.</summary>
    public string Hardware { get; init; } = "";
}

/// <summary>A stored group that has trained and will train again.</summary>
/// <param name="Group">The group.</param>
/// <param name="Times">Updates that have trained on it.</param>
public readonly record struct TrainedGroup(GroupId Group, int Times);

/// <summary>When a stored group was admitted.</summary>
/// <param name="Group">The group.</param>
/// <param name="Committed">The last committed update at that time.</param>
public readonly record struct AdmittedGroup(GroupId Group, PolicyVersion Committed);

/// <summary>The trajectory buffer's state, so that recovery need not replay the journal from its start.</summary>
public sealed record BufferSnapshot
{
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The last committed update.</summary>
    public required PolicyVersion Committed { get; init; }

    /// <summary>The last checkpoint; null before the first.</summary>
    public CheckpointWrittenEvent? Checkpoint { get; init; }

    /// <summary>Checkpoints before <see cref="Checkpoint"/> that are kept, oldest first.</summary>
    public ImmutableArray<CheckpointWrittenEvent> Earlier { get; init; } = [];

    /// <summary>Groups that are admitted and not consumed, those of <see cref="Prepared"/> included, oldest first.</summary>
    public required ImmutableArray<GroupAdmittedEvent> Pending { get; init; }

    /// <summary>Those of <see cref="Pending"/> that have trained already, by group.</summary>
    public ImmutableArray<TrainedGroup> Trained { get; init; } = [];

    /// <summary>When those of <see cref="Pending"/> were admitted, by group; empty in snapshots of earlier versions.</summary>
    public ImmutableArray<AdmittedGroup> Admitted { get; init; } = [];

    /// <summary>Rollouts of undecided groups, by group.</summary>
    public ImmutableArray<RolloutStoredEvent> Rollouts { get; init; } = [];

    /// <summary>The update that was prepared and not committed; null if there is none.</summary>
    public UpdatePreparedEvent? Prepared { get; init; }

    /// <summary>Committed updates later than the oldest version that recovery may return to, oldest first.</summary>
    public required ImmutableArray<UncheckpointedUpdate> Uncheckpointed { get; init; }

    /// <summary>Every group below this id was admitted or rejected.</summary>
    public required long ResolvedBelow { get; init; }

    /// <summary>Groups at or above <see cref="ResolvedBelow"/> that were admitted or rejected, ascending.</summary>
    public required ImmutableArray<GroupId> ResolvedAbove { get; init; }

    /// <summary>The ledger's counters by name.</summary>
    public required ImmutableSortedDictionary<string, long> Ledger { get; init; }
}
