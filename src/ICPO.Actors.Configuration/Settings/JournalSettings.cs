namespace ICPO.Actors.Configuration.Settings;

/// <summary>The location, durability and retention of the journal.</summary>
public sealed record JournalSettings
{
    /// <summary>SQLite file, relative to the run directory.</summary>
    public required string Path { get; init; }

    /// <summary>Used instead of <see cref="Path"/> if not empty; see <see cref="JournalConnection.Forms"/>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>SQLite's <c>synchronous</c>: <c>full</c> or <c>normal</c>.</summary>
    public required string Synchronous { get; init; }

    /// <summary>Events between two snapshots.</summary>
    public required int SnapshotEvery { get; init; }

    /// <summary>False to delete events and payloads that no kept checkpoint needs.</summary>
    public required bool KeepsAll { get; init; }

    /// <summary>How long to wait for a database server that does not respond.</summary>
    public required TimeSpan OutageTimeout { get; init; }

    /// <summary>The location of payloads; see <see cref="PayloadsInDatabase"/>.</summary>
    public PayloadPlace Payloads { get; init; }

    /// <summary>True if payloads are in a table of the journal's server, false if they are in files of the run's directory.</summary>
    public bool PayloadsInDatabase => Payloads == PayloadPlace.Database || (Payloads == PayloadPlace.Auto && IsServer);

    /// <summary>True if the journal is on a server.</summary>
    public bool IsServer => ConnectionString.Length > 0 && JournalConnection.Parse(ConnectionString).IsServer;

    /// <summary>Store the rollouts of undecided groups in the journal.</summary>
    public required bool Rollouts { get; init; }

    /// <summary>How long such a rollout waits for the rest of its group before it is stored separately.</summary>
    public required TimeSpan RolloutDelay { get; init; }
}
