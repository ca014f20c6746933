using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.RunFiles.Audit;

/// <summary>Splits the ledger of a journal into the starts of its run.</summary>
internal sealed class StartLog
{
    private readonly ImmutableArray<JournalStart>.Builder _starts = ImmutableArray.CreateBuilder<JournalStart>();
    private long _epoch;
    private PolicyVersion _committed;
    private Ledger _ledger = Ledger.Empty;

    public StartLog(BufferState state) => _epoch = state.Epoch.Value;

    /// <summary>A start ends in this state, before the event that begins the next one.</summary>
    public void End(BufferState state)
    {
        Ledger now = state.Ledger;
        if (_epoch > 0 || now != Ledger.Empty)
        {
            _starts.Add(
                new JournalStart(
                    _epoch,
                    _committed,
                    state.Committed,
                    now.GroupsAdmitted - _ledger.GroupsAdmitted,
                    now.GroupsRejected + now.GroupsExpired - _ledger.GroupsRejected - _ledger.GroupsExpired,
                    now.Generated - _ledger.Generated
                )
            );
        }
    }

    /// <summary>The next start begins in this state.</summary>
    public void Begin(BufferState state)
    {
        _epoch = state.Epoch.Value;
        _committed = state.Committed;
        _ledger = state.Ledger;
    }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<JournalStart> ToImmutable() => _starts.ToImmutable();
}
