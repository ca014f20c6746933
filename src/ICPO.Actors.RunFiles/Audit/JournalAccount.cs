using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.RunFiles.Audit;

/// <summary>One start of a run, from its journal.</summary>
/// <param name="Epoch">Its epoch, from 1. Where the oldest events are deleted, the first start includes those before it.</param>
/// <param name="From">The committed version when it began.</param>
/// <param name="To">The committed version when it ended, or now.</param>
/// <param name="Admitted">Groups admitted in it.</param>
/// <param name="Rejected">Groups rejected in it, expired ones included.</param>
/// <param name="Generated">Rollouts of the groups that were decided in it.</param>
public sealed record JournalStart(long Epoch, PolicyVersion From, PolicyVersion To, long Admitted, long Rejected, OriginTally Generated);

/// <summary>The ledger of a run over all its starts, and its faults.</summary>
/// <param name="Ledger">Groups, rollouts and tokens.</param>
/// <param name="Undecided">Number of groups below the last decided one that are not decided.</param>
/// <param name="Starts">Oldest first.</param>
/// <param name="PayloadsRead">Payloads that were compared with their events.</param>
/// <param name="PayloadsGone">Payloads of groups that trained, deleted since.</param>
/// <param name="Faults">One sentence each; empty if the ledger closes.</param>
public sealed record JournalAccount(
    Ledger Ledger,
    int Undecided,
    ImmutableArray<JournalStart> Starts,
    int PayloadsRead,
    int PayloadsGone,
    ImmutableArray<string> Faults
)
{
    /// <summary>True without faults.</summary>
    public bool Closes => Faults.IsEmpty;
}
