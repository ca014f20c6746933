using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Buffering;

/// <summary>Settings of the buffer's storage.</summary>
/// <param name="Durable">
/// True syncs every payload to disk before its event (survives power loss); false only hands it to the operating system (survives the death
/// of the process).
/// </param>
/// <param name="HardStalenessBound">
/// Groups dispatched more updates ago than this are rejected instead of trained on; null trains on them.
/// </param>
/// <param name="SnapshotEvery">Events between two snapshots.</param>
/// <param name="KeepCheckpoints">Checkpoints that stay restorable: the payloads since the oldest of them are kept.</param>
public sealed record BufferSettings(bool Durable, int? HardStalenessBound, int SnapshotEvery, int KeepCheckpoints = 1)
{
    /// <summary>Maximum number of groups in one write.</summary>
    public const int MaxBatch = 500;

    /// <summary>Maximum number of checkpoints that are kept beyond <see cref="KeepCheckpoints"/> for standbys that lag behind.</summary>
    private const int MaxHeld = 8;

    /// <summary>Minimum time that a rollout waits for its siblings before it is recorded separately.</summary>
    public TimeSpan RolloutDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Groups that were admitted more updates ago than this are rejected instead of trained on; null trains on them.</summary>
    public int? MaxQueueAge { get; init; }

    /// <summary>Which groups an update trains on, and how often.</summary>
    public SelectionSettings Selection { get; init; } = new();

    /// <summary>The run's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The run's id in the journal; empty if the journal contains only this run.</summary>
    public string RunId { get; init; } = "";

    /// <summary>False to delete events and payload segments that no kept checkpoint needs.</summary>
    public bool KeepsAll { get; init; } = true;

    /// <summary>The ownership of the run; null if the journal is a file.</summary>
    public IRunFence? Fence { get; init; }

    /// <summary>The oldest checkpoint that another process would restore, which is kept; null if there is none.</summary>
    public Func<PolicyVersion?> HeldElsewhere { get; init; } = () => null;

    /// <summary>The bus of the run's events.</summary>
    public RunEventBus Events { get; init; } = new();

    /// <summary>Traces of the run.</summary>
    public RunTraces Traces { get; init; } = RunTraces.None;

    /// <summary>The number of checkpoints to keep when another one is written.</summary>
    /// <param name="present">The restorable checkpoints.</param>
    public int Keep(IEnumerable<CheckpointWrittenEvent> present) =>
        HeldElsewhere() is { } held
            ? Math.Clamp(1 + present.Count(checkpoint => checkpoint.Version >= held), KeepCheckpoints, KeepCheckpoints + MaxHeld)
            : KeepCheckpoints;

    /// <summary>The persistence id of the run's events.</summary>
    public string PersistenceId => JournalDatabase.PersistenceId(RunId);
}
