using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Algorithm.Ledgers;

/// <summary>The state of a rollout in the ledger; all but <see cref="Open"/> and <see cref="Buffered"/> are final.</summary>
public enum LedgerEntry
{
    /// <summary>Complete or failed; its group is not decided.</summary>
    Open,

    /// <summary>In an admitted group that has not trained.</summary>
    Buffered,

    /// <summary>A committed update trained on it.</summary>
    Consumed,

    /// <summary>Its group was dropped because it was too stale.</summary>
    Stale,

    /// <summary>Its group was dropped because it had waited in the buffer for too long.</summary>
    WaitedTooLong,

    /// <summary>An expert rollout outside the expert region.</summary>
    OutsideExpertRegion,

    /// <summary>An expert rollout took its place.</summary>
    ReplacedByExpert,

    /// <summary>The verifier failed on it.</summary>
    VerifierFault,

    /// <summary>It was not completed.</summary>
    Failed,

    /// <summary>It arrived twice or too late.</summary>
    Superseded,

    /// <summary>Its group's rewards were all equal.</summary>
    GroupWithoutSignal,

    /// <summary>Its group had too few verdicts.</summary>
    GroupWithTooFewVerdicts,

    /// <summary>Its group could not be generated.</summary>
    GroupFailed,

    /// <summary>An expert rollout that its group did not use.</summary>
    ExpertNotNeeded,
}

/// <summary>A displayed row of the ledger; the first is the generated rollouts, the others add up to it.</summary>
public sealed record LedgerRow(string Name, OriginTally Tally);

internal static class LedgerEntries
{
    /// <summary>Every entry with its name for print.</summary>
    public static ImmutableSortedDictionary<LedgerEntry, string> Names { get; } =
        Enum.GetValues<LedgerEntry>().ToImmutableSortedDictionary(e => e, Name);

    /// <summary>
    /// The entry of a dropped rollout; <paramref name="rejection"/> is why its group was rejected, null if it was not.
    /// </summary>
    public static LedgerEntry Of(DropReason reason, GroupRejection? rejection) =>
        (reason, rejection) switch
        {
            (DropReason.OutsideExpertRegion, _) => LedgerEntry.OutsideExpertRegion,
            (DropReason.ReplacedByExpert, _) => LedgerEntry.ReplacedByExpert,
            (DropReason.VerifierFault, _) => LedgerEntry.VerifierFault,
            (DropReason.GenerationFailed, _) => LedgerEntry.Failed,
            (DropReason.Superseded, _) => LedgerEntry.Superseded,
            (DropReason.ExpertNotNeeded, _) => LedgerEntry.ExpertNotNeeded,
            (DropReason.GroupRejected, GroupRejection.NoSignal) => LedgerEntry.GroupWithoutSignal,
            (DropReason.GroupRejected, GroupRejection.TooFewVerdicts) => LedgerEntry.GroupWithTooFewVerdicts,
            (DropReason.GroupRejected, GroupRejection.GenerationFailed) => LedgerEntry.GroupFailed,
            (DropReason.GroupRejected, GroupRejection.Stale) => LedgerEntry.Stale,
            (DropReason.GroupRejected, GroupRejection.WaitedTooLong) => LedgerEntry.WaitedTooLong,
            _ => throw new ArgumentException(
                $"A rollout cannot be dropped as {reason} where its group was {(rejection is { } r ? $"rejected as {r}" : "not rejected")}."
            ),
        };

    private static string Name(LedgerEntry entry) =>
        entry switch
        {
            LedgerEntry.Open => "open",
            LedgerEntry.Buffered => "buffered",
            LedgerEntry.Consumed => "consumed",
            LedgerEntry.Stale => "stale",
            LedgerEntry.WaitedTooLong => "rejected: waited too long in the buffer",
            LedgerEntry.OutsideExpertRegion => "rejected: outside the expert region",
            LedgerEntry.ReplacedByExpert => "rejected: replaced by an expert rollout",
            LedgerEntry.VerifierFault => "rejected: verifier fault",
            LedgerEntry.Failed => "failed",
            LedgerEntry.Superseded => "rejected: superseded",
            LedgerEntry.GroupWithoutSignal => "rejected: group without signal",
            LedgerEntry.GroupWithTooFewVerdicts => "rejected: group with too few verdicts",
            LedgerEntry.GroupFailed => "rejected: group failed",
            LedgerEntry.ExpertNotNeeded => "rejected: expert rollout not needed",
            _ => throw new ArgumentOutOfRangeException(nameof(entry), entry, "Not an entry of the ledger."),
        };
}
