using System.Collections.Frozen;
using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A journal at one moment: its groups and updates without payloads, which are read for what is shown.</summary>
internal sealed class JournalView
{
    private readonly Lazy<JournalAccount> _account;
    private readonly FrozenDictionary<long, int> _places;

    public JournalView(RunJournal journal)
    {
        (Journal, Inspector) = (journal, new GroupInspector(journal));
        Dictionary<long, long> admitted = Admissions(journal);
        Groups =
        [
            .. Inspector.Entries().Select(entry => new GroupRow(entry, admitted.TryGetValue(entry.Id.Value, out long at) ? at : null)),
        ];
        _places = Groups.Index().GroupBy(row => row.Item.Entry.Id.Value).ToFrozenDictionary(row => row.Key, row => row.First().Index);
        Updates = [.. journal.Updates.Select(update => UpdateRow.Create(update, admitted))];
        _account = new Lazy<JournalAccount>(() => JournalAudit.Check(journal, payloads: false));
    }

    public RunJournal Journal { get; }

    public GroupInspector Inspector { get; }

    /// <summary>By number, open ones last.</summary>
    public ImmutableArray<GroupRow> Groups { get; }

    /// <summary>Committed updates, oldest first.</summary>
    public ImmutableArray<UpdateRow> Updates { get; }

    /// <summary>The ledger; payloads are not compared with their events.</summary>
    public JournalAccount Account => _account.Value;

    /// <summary>A group by its number; null if the journal has none.</summary>
    public GroupRow? Find(long group) => _places.TryGetValue(group, out int place) ? Groups[place] : null;

    /// <summary>The version that was committed when each group was admitted, as far as the events are kept.</summary>
    private static Dictionary<long, long> Admissions(RunJournal journal)
    {
        var admitted = (journal.Start?.Admitted ?? []).ToDictionary(group => group.Group.Value, group => group.Committed.Value);
        long committed = journal.Start?.Committed.Value ?? 0;
        foreach (IBufferEvent happened in journal.Events)
        {
            switch (happened)
            {
                case UpdateCommittedEvent update:
                    committed = update.Version.Value;
                    break;
                case GroupAdmittedEvent group:
                    admitted.TryAdd(group.Group.Value, committed);
                    break;
                default:
                    break;
            }
        }

        return admitted;
    }
}

/// <summary>A group and the version that was committed when it was admitted; null if that event is deleted.</summary>
internal sealed record GroupRow(GroupEntry Entry, long? AdmittedAt)
{
    /// <summary>Updates committed between its dispatch and its admission.</summary>
    public long? InFlight => Entry.Stored is { } stored && AdmittedAt is { } at ? Math.Max(0, at - stored.DispatchedAt.Value) : null;

    /// <summary>Updates committed while it waited in the buffer, until the update that trained on it began.</summary>
    public long? InQueue => Entry.Update is { } update && AdmittedAt is { } at ? Math.Max(0, update.Value - 1 - at) : null;
}

/// <summary>A committed update and its staleness, as means over its groups; null where events are deleted.</summary>
internal sealed record UpdateRow(JournalUpdate Update, double? InFlight, double? InQueue)
{
    public static UpdateRow Create(JournalUpdate update, IReadOnlyDictionary<long, long> admitted)
    {
        (double flight, double queue, int known) = (0, 0, 0);
        foreach (GroupAdmittedEvent group in update.Groups)
        {
            if (admitted.TryGetValue(group.Group.Value, out long at))
            {
                flight += Math.Max(0, at - group.DispatchedAt.Value);
                queue += Math.Max(0, update.From.Value - at);
                known++;
            }
        }

        return known == 0 ? new(update, null, null) : new(update, flight / known, queue / known);
    }
}
