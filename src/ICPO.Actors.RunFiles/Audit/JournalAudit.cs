using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles.Audit;

/// <summary>
/// Audits a journal: every event must be one that <see cref="BufferState.Decide"/> could have given (<see cref="JournalRules"/>), every
/// group must be complete and train as often as configured, every payload must match its event, and the run's own count
/// (<c>summary.json</c>) must agree.
/// </summary>
public static class JournalAudit
{
    /// <param name="journal">The journal of the run.</param>
    /// <param name="payloads">Read every payload too.</param>
    public static JournalAccount Check(RunJournal journal, bool payloads = true)
    {
        ArgumentNullException.ThrowIfNull(journal);
        BufferState state = journal.Begin();
        var faults = new List<string>();
        var starts = new StartLog(state);
        foreach (IBufferEvent happened in journal.Events)
        {
            string? broken = JournalRules.Violation(state, happened);
            if ((broken ?? Incomplete(journal.Settings.Group, state, happened)) is { } fault)
            {
                faults.Add(fault);
            }

            if (broken is null && happened is UpdatePreparedEvent prepared)
            {
                faults.AddRange(Repeated(journal.Settings.Selection.SamplesPerInsert, state, prepared));
            }

            if (broken is null)
            {
                Apply(state, happened, starts);
            }
        }

        starts.End(state);
        var audit = new PayloadAudit(journal, state);
        if (payloads)
        {
            faults.AddRange(audit.Faults());
        }

        faults.AddRange(state.Ledger.Faults());
        faults.AddRange(CompareSummary(journal.Directory, state));
        return new JournalAccount(
            state.Ledger,
            (int)Math.Min(int.MaxValue, state.UndecidedCount),
            starts.ToImmutable(),
            audit.Read,
            audit.Gone,
            [.. faults]
        );
    }

    private static void Apply(BufferState state, IBufferEvent happened, StartLog starts)
    {
        if (happened is EpochStartedEvent)
        {
            starts.End(state);
        }

        state.Apply(happened);
        if (happened is EpochStartedEvent)
        {
            starts.Begin(state);
        }
    }

    /// <summary>A finding for missing rollouts of a decided group.</summary>
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

    /// <summary>A finding for each group that leaves the buffer before it has trained n times, or that stays longer.</summary>
    private static IEnumerable<string> Repeated(int samples, BufferState state, UpdatePreparedEvent prepared) =>
        from id in prepared.Groups
        let times = state.TimesTrained(id) + 1
        where prepared.Kept.Contains(id) != (times < samples)
        select $"Group {id} {(times < samples ? "is not kept" : "is kept")} after it trains {times} times, of {samples}.";

    /// <summary>The run's own count, if its last start ended completely.</summary>
    private static IEnumerable<string> CompareSummary(RunDirectory directory, BufferState state)
    {
        if (
            RunLock.Owner(directory) is not null
            || RunSummaries.Read(directory) is not { State: "completed" or "stopped", StopIncomplete: null } summary
        )
        {
            yield break;
        }

        if (!summary.LedgerCloses)
        {
            yield return $"The ledger that the run counted live did not close; {directory.Log} names the faults.";
        }

        (long, long, long) journal = (state.Committed.Value, state.Ledger.GroupsAdmitted, state.Ledger.GroupsRejected);
        if ((summary.Updates, summary.GroupsAdmitted, summary.GroupsRejected) != journal)
        {
            yield return $"{directory.Summary} counts {summary.Updates} updates, {summary.GroupsAdmitted} groups admitted and "
                + $"{summary.GroupsRejected} rejected, the journal {journal.Item1}, {journal.Item2} and {journal.Item3}.";
        }
    }
}
