using Akka.Actor;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Buffering;

/// <summary>How the buffer stores.</summary>
/// <param name="Durable">Sync every payload to the disk before its event (survives power loss), not only to the operating system (survives
/// process death).</param>
/// <param name="HardStalenessBound">Turn a group down that is older than this many updates when it would train; null trains it.</param>
/// <param name="SnapshotEvery">Events between two snapshots.</param>
/// <param name="KeepCheckpoints">Checkpoints that may be gone back to: the payloads since the oldest of them stay needed.</param>
public sealed record BufferSettings(bool Durable, int? HardStalenessBound, int SnapshotEvery, int KeepCheckpoints = 1)
{
    /// <summary>Groups that are recorded together at most.</summary>
    public const int LargestBatch = 500;

    /// <summary>How long a rollout waits for its siblings, at least, before it is recorded on its own.</summary>
    public TimeSpan RolloutDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What the journal calls the run; empty where the journal is this run's alone.</summary>
    public string RunId { get; init; } = "";

    /// <summary>False: events and payload segments go that no kept checkpoint needs.</summary>
    public bool KeepsAll { get; init; } = true;

    /// <summary>Under which the journal holds the run's events.</summary>
    public string PersistenceId => JournalDatabase.PersistenceId(RunId);
}

/// <summary>The journal failed; the run cannot go on.</summary>
public sealed record JournalFailed(string Message, Exception Cause) : INoSerializationVerificationNeeded;
