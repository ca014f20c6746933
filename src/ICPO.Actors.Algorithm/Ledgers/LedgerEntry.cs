namespace ICPO.Actors.Algorithm;

/// <summary>Where a rollout stands in the ledger; all but <see cref="Open"/> and <see cref="Buffered"/> are final.</summary>
public enum LedgerEntry
{
    /// <summary>Complete or lost; its group is not decided.</summary>
    Open,

    /// <summary>In an admitted group that has not trained.</summary>
    Buffered,

    /// <summary>A committed update trained on it.</summary>
    Consumed,

    /// <summary>Its group was thrown away for its age.</summary>
    Stale,

    /// <summary>An expert rollout outside the expert region.</summary>
    OutsideExpertRegion,

    /// <summary>An expert rollout took its place.</summary>
    ReplacedByExpert,

    /// <summary>The verifier failed on it.</summary>
    VerifierFault,

    /// <summary>It was not completed.</summary>
    Failed,

    /// <summary>It came twice or too late.</summary>
    Superseded,

    /// <summary>Its group's rewards were all equal.</summary>
    GroupWithoutSignal,

    /// <summary>Its group had too few verdicts.</summary>
    GroupWithTooFewVerdicts,

    /// <summary>Its group could not be generated.</summary>
    GroupFailed,
}

/// <summary>A line of the ledger for print; the first row is what was generated, the others what became of it and sum up to it.</summary>
public sealed record LedgerRow(string Name, OriginTally Tally);
