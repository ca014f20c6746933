namespace ICPO.Actors.Soak;

/// <summary>The result of one run that was killed several times and then completed.</summary>
internal sealed record Outcome
{
    /// <summary>Number of the run.</summary>
    public required int Run { get; init; }

    /// <summary>η, the maximum staleness.</summary>
    public required int Staleness { get; init; }

    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Number of kills.</summary>
    public required int Kills { get; init; }

    /// <summary>Seconds from each start to its kill.</summary>
    public required IReadOnlyList<double> KilledAt { get; init; }

    /// <summary>How often the journal's server was killed and restarted.</summary>
    public required int ServerKills { get; init; }

    /// <summary>Starts that reached the journal.</summary>
    public required int Starts { get; init; }

    /// <summary>Committed updates.</summary>
    public required long Updates { get; init; }

    /// <summary>Admitted groups.</summary>
    public required int Admitted { get; init; }

    /// <summary>Groups that were trained on.</summary>
    public required int Trained { get; init; }

    /// <summary>Admitted groups that are lost.</summary>
    public required int Lost { get; init; }

    /// <summary>Groups that were trained on more than once.</summary>
    public required int TrainedTwice { get; init; }

    /// <summary>Updates that the last start repeated from the journal.</summary>
    public required int Redone { get; init; }

    /// <summary>Duration of that recovery.</summary>
    public required double RecoverySeconds { get; init; }

    /// <summary>η = 0: whether the weights are those of a run that was not killed; otherwise null.</summary>
    public required bool? SameWeights { get; init; }

    /// <summary>The run's own ledger.</summary>
    public required bool LedgerCloses { get; init; }

    /// <summary>All inconsistencies.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>True if nothing is lost, trained on twice or inconsistent.</summary>
    public bool Holds => Findings.Count == 0 && SameWeights != false && Lost == 0 && TrainedTwice == 0 && LedgerCloses;
}
