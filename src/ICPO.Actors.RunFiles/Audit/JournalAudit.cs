using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles.Audit;

/// <summary>One start of a run, as the journal tells it.</summary>
/// <param name="Epoch">Which start, from 1. Where the oldest events are gone, the first one told stands for those before it too.</param>
/// <param name="From">Committed when it began.</param>
/// <param name="To">Committed when it ended, or now.</param>
/// <param name="Admitted">Groups stored in it.</param>
/// <param name="Rejected">Groups turned down in it, expired ones included.</param>
/// <param name="Generated">Rollouts that were decided about in it.</param>
public sealed record JournalStart(long Epoch, PolicyVersion From, PolicyVersion To, long Admitted, long Rejected, OriginTally Generated);

/// <summary>The ledger of a run over all its starts, and what of it does not close.</summary>
/// <param name="Ledger">Groups, rollouts and tokens.</param>
/// <param name="Undecided">Groups that were dispatched and whose fate is open, below the last one decided.</param>
/// <param name="Starts">Oldest first.</param>
/// <param name="PayloadsRead">Payloads that were held against their events.</param>
/// <param name="PayloadsGone">Payloads of groups that trained, deleted since.</param>
/// <param name="Faults">One sentence each; empty where the ledger closes.</param>
public sealed record JournalAccount(
    Ledger Ledger,
    int Undecided,
    ImmutableArray<JournalStart> Starts,
    int PayloadsRead,
    int PayloadsGone,
    ImmutableArray<string> Faults
)
{
    public bool Closes => Faults.IsEmpty;
}

/// <summary>
/// Goes through a journal as an accountant would: every event must follow from those before it, every group must be whole, every payload
/// must hold what its event says, and the run's own count (<c>summary.json</c>), made where rollouts are made, must agree.
/// </summary>
public static class JournalAudit
{
    /// <param name="journal">Of the run.</param>
    /// <param name="payloads">Read every payload too.</param>
    public static JournalAccount Of(RunJournal journal, bool payloads = true)
    {
        ArgumentNullException.ThrowIfNull(journal);
        BufferState state = journal.Begin();
        ImmutableArray<string>.Builder faults = ImmutableArray.CreateBuilder<string>();
        var starts = new List<JournalStart>();
        (int read, int gone) = (0, 0);
        (long epoch, PolicyVersion committed, Ledger ledger) = (state.Epoch.Value, PolicyVersion.Base, Ledger.Empty);
        foreach (IBufferEvent happened in journal.Events)
        {
            string? broken = JournalRules.Violation(state, happened);
            if ((broken ?? Incomplete(journal.Settings.Group, state, happened)) is { } fault)
            {
                faults.Add(fault);
            }

            if (broken is not null)
            {
                continue;
            }

            if (happened is EpochStartedEvent)
            {
                End();
            }

            state.Apply(happened);
            (epoch, committed, ledger) = happened is EpochStartedEvent started
                ? (started.Epoch.Value, state.Committed, state.Ledger)
                : (epoch, committed, ledger);
        }

        End();
        if (payloads)
        {
            foreach (RolloutStoredEvent rollout in state.Rollouts.Values.SelectMany(rollouts => rollouts))
            {
                read++;
                if (Differs(journal, rollout) is { } fault)
                {
                    faults.Add(fault);
                }
            }

            ILookup<GroupId, RolloutStoredEvent> kept = Rollouts(journal).ToLookup(rollout => rollout.Rollout.Group);
            HashSet<GroupId> needed =
            [
                .. state.ToSnapshot().Pending.Select(stored => stored.Group),
                .. state.Uncheckpointed.SelectMany(update => update.Groups).Select(stored => stored.Group),
            ];
            foreach (
                GroupAdmittedEvent stored in journal
                    .Events.OfType<GroupAdmittedEvent>()
                    .Concat(journal.Start?.Pending ?? [])
                    .Concat(journal.Start?.Uncheckpointed.SelectMany(update => update.Groups) ?? [])
            )
            {
                if (!needed.Contains(stored.Group) && !journal.Holds(stored))
                {
                    gone++;
                    continue;
                }

                read++;
                if (Differs(journal, stored, kept[stored.Group]) is { } fault)
                {
                    faults.Add(fault);
                }
            }
        }

        faults.AddRange(state.Ledger.Faults());
        faults.AddRange(Against(journal.Directory, state));
        return new JournalAccount(state.Ledger, state.Undecided.Count(), [.. starts], read, gone, faults.ToImmutable());

        void End()
        {
            Ledger now = state.Ledger;
            if (epoch > 0 || now != Ledger.Empty)
            {
                starts.Add(
                    new JournalStart(
                        epoch,
                        committed,
                        state.Committed,
                        now.GroupsAdmitted - ledger.GroupsAdmitted,
                        now.GroupsRejected + now.GroupsStale - ledger.GroupsRejected - ledger.GroupsStale,
                        now.Generated - ledger.Generated
                    )
                );
            }
        }
    }

    /// <summary>Names a group of which rollouts are missing.</summary>
    private static string? Incomplete(GroupSettings group, BufferState state, IBufferEvent happened)
    {
        int size = group.PolicyRollouts + group.ExpertRollouts;
        (GroupId Id, int Rollouts)? counted = happened switch
        {
            GroupAdmittedEvent stored => (
                stored.Group,
                stored.Kept.Sum(kept => kept.Rollouts) + stored.Dropped.Select(dropped => dropped.Id).Distinct().Count()
            ),
            GroupRejectedEvent down when !state.IsPending(down.Group) => (
                down.Group,
                down.Dropped.Select(dropped => dropped.Id).Distinct().Count()
            ),
            _ => null,
        };
        return counted is var (id, rollouts) && rollouts != size ? $"Group {id} accounts for {rollouts} rollouts of {size}." : null;
    }

    /// <summary>Names a payload that is not what its event says.</summary>
    private static string? Differs(RunJournal journal, GroupAdmittedEvent stored, IEnumerable<RolloutStoredEvent> kept)
    {
        try
        {
            TrainingGroup group = journal.Read(stored);
            var held = OriginTally.Of(group.Members);
            var tokens = group
                .Members.Select(member => (member.Rollout.Id, member.Rollout.Tokens.Length))
                .Concat(group.Dropped.Select(dropped => (dropped.Id, dropped.Tokens)))
                .ToDictionary();
            if (kept.FirstOrDefault(rollout => tokens.GetValueOrDefault(rollout.Rollout, -1) != rollout.Tokens) is { } other)
            {
                return $"Group {stored.Group}: rollout {other.Rollout} was kept with {other.Tokens} tokens and is not in the group as that.";
            }

            return held != JournalLedger.Tally(stored) || group.Id != stored.Group || !group.Dropped.SequenceEqual(stored.Dropped)
                ? $"Group {stored.Group}: its payload holds {held.Total.Rollouts} rollouts of {held.Total.Tokens} tokens of {group.Id}, its event says {JournalLedger.Tally(stored).Total.Rollouts} of {JournalLedger.Tally(stored).Total.Tokens}."
                : null;
        }
        catch (Exception error) when (error is InvalidDataException or System.Runtime.Serialization.SerializationException)
        {
            return $"Group {stored.Group}: {error.Message}";
        }
    }

    /// <summary>Rollouts that were kept and not given up.</summary>
    private static IEnumerable<RolloutStoredEvent> Rollouts(RunJournal journal)
    {
        HashSet<RolloutId> discarded = [];
        foreach (IBufferEvent happened in journal.Events.Reverse())
        {
            if (happened is RolloutDroppedEvent gone)
            {
                discarded.Add(gone.Rollout);
            }
            else if (happened is RolloutStoredEvent rollout && !discarded.Remove(rollout.Rollout))
            {
                yield return rollout;
            }
        }

        foreach (RolloutStoredEvent rollout in (journal.Start?.Rollouts ?? []).Where(rollout => !discarded.Contains(rollout.Rollout)))
        {
            yield return rollout;
        }
    }

    private static string? Differs(RunJournal journal, RolloutStoredEvent stored)
    {
        try
        {
            Rollout rollout = journal.Read(stored).Rollout;
            return rollout.Id != stored.Rollout || rollout.Tokens.Length != stored.Tokens
                ? $"Rollout {stored.Rollout}: its payload holds {rollout.Id} with {rollout.Tokens.Length} tokens, its event says {stored.Tokens}."
                : null;
        }
        catch (Exception error) when (error is InvalidDataException or System.Runtime.Serialization.SerializationException)
        {
            return $"Rollout {stored.Rollout} will be sampled again: {error.Message}";
        }
    }

    /// <summary>The run's own count, where its last start ended in order.</summary>
    private static IEnumerable<string> Against(RunDirectory directory, BufferState state)
    {
        if (RunLock.Owner(directory) is not null || RunSummaries.Read(directory) is not { State: "completed" or "stopped" } summary)
        {
            yield break;
        }

        if (!summary.LedgerCloses)
        {
            yield return $"The run's own count, made where rollouts are made, did not close; {directory.Log} names what did not.";
        }

        if (
            (summary.Updates, summary.GroupsAdmitted, summary.GroupsRejected) is var counted
            && counted != (state.Committed.Value, state.Ledger.GroupsAdmitted, state.Ledger.GroupsRejected)
        )
        {
            yield return $"{directory.Summary} counts {summary.Updates} updates, {summary.GroupsAdmitted} groups admitted and {summary.GroupsRejected} rejected, the journal {state.Committed.Value}, {state.Ledger.GroupsAdmitted} and {state.Ledger.GroupsRejected}.";
        }
    }
}
