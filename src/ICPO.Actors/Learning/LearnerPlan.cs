using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Learning;

/// <summary>The number of updates and the interval of checkpoints.</summary>
/// <param name="Updates">T: updates of the whole run.</param>
/// <param name="GroupsPerUpdate">B: groups per update.</param>
/// <param name="CheckpointEvery">Updates between checkpoints; 0 writes the last one only.</param>
public sealed record LearnerPlan(long Updates, int GroupsPerUpdate, int CheckpointEvery)
{
    /// <summary>Maximum duration of one update, publication or checkpoint.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Maximum duration of recording an update or a checkpoint in the journal; null is <see cref="Timeout"/>.</summary>
    public TimeSpan? RecordTimeout { get; init; }

    /// <summary>True if a checkpoint is due at this version; the last one is written whatever the interval.</summary>
    public bool IsCheckpoint(PolicyVersion version) => CheckpointEvery > 0 && version.Value % CheckpointEvery == 0;
}
