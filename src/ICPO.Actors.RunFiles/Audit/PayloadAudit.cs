using System.Runtime.Serialization;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles.Audit;

/// <summary>Compares the payloads of a journal with its events.</summary>
/// <param name="journal">The journal of the run.</param>
/// <param name="state">The state after its events.</param>
internal sealed class PayloadAudit(RunJournal journal, BufferState state)
{
    /// <summary>Payloads that were read.</summary>
    public int Read { get; private set; }

    /// <summary>Payloads that are deleted and no longer needed.</summary>
    public int Gone { get; private set; }

    /// <summary>Reads every payload; one sentence for each that differs from its event.</summary>
    public IEnumerable<string> Faults() => RolloutFaults().Concat(GroupFaults());

    private IEnumerable<string> RolloutFaults()
    {
        foreach (RolloutStoredEvent rollout in state.Rollouts.Values.SelectMany(rollouts => rollouts))
        {
            Read++;
            if (Difference(rollout) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> GroupFaults()
    {
        ILookup<GroupId, RolloutStoredEvent> rollouts = StoredRollouts().ToLookup(rollout => rollout.Rollout.Group);
        HashSet<GroupId> needed =
        [
            .. state.ToSnapshot().Pending.Select(stored => stored.Group),
            .. state.Uncheckpointed.SelectMany(update => update.Groups).Select(stored => stored.Group),
        ];
        IEnumerable<GroupAdmittedEvent> groups = journal
            .Events.OfType<GroupAdmittedEvent>()
            .Concat(journal.Start?.Pending ?? [])
            .Concat(journal.Start?.Uncheckpointed.SelectMany(update => update.Groups) ?? []);
        foreach (GroupAdmittedEvent stored in groups)
        {
            if (!needed.Contains(stored.Group) && !journal.Holds(stored))
            {
                Gone++;
                continue;
            }

            Read++;
            if (Difference(stored, rollouts[stored.Group]) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private string? Difference(GroupAdmittedEvent stored, IEnumerable<RolloutStoredEvent> rollouts)
    {
        try
        {
            TrainingGroup group = journal.Read(stored);
            Dictionary<RolloutId, int> tokens = [];
            IEnumerable<(RolloutId Id, int Tokens)> all = group
                .Members.Select(member => (member.Rollout.Id, member.Rollout.Tokens.Length))
                .Concat(group.Dropped.Select(dropped => (dropped.Id, dropped.Tokens)));
            foreach ((RolloutId id, int length) in all)
            {
                if (!tokens.TryAdd(id, length))
                {
                    return $"Group {stored.Group}: its payload contains rollout {id} twice.";
                }
            }

            if (rollouts.FirstOrDefault(rollout => tokens.GetValueOrDefault(rollout.Rollout, -1) != rollout.Tokens) is { } other)
            {
                return $"Group {stored.Group}: rollout {other.Rollout}, stored with {other.Tokens} tokens, is not in the group.";
            }

            var held = OriginTally.Of(group.Members);
            OriginTally said = JournalLedger.Tally(stored);
            return held == said && group.Id == stored.Group && group.Dropped.SequenceEqual(stored.Dropped)
                ? null
                : $"Group {stored.Group}: its payload holds {held.Total.Rollouts} rollouts of {held.Total.Tokens} tokens of {group.Id}, "
                    + $"its event records {said.Total.Rollouts} of {said.Total.Tokens}.";
        }
        catch (Exception error) when (error is InvalidDataException or SerializationException)
        {
            return $"Group {stored.Group}: {error.Message}";
        }
    }

    private string? Difference(RolloutStoredEvent stored)
    {
        try
        {
            Rollout rollout = journal.Read(stored).Rollout;
            return rollout.Id == stored.Rollout && rollout.Tokens.Length == stored.Tokens
                ? null
                : $"Rollout {stored.Rollout}: its payload contains {rollout.Id} with {rollout.Tokens.Length} tokens, its event records "
                    + $"{stored.Tokens}.";
        }
        catch (Exception error) when (error is InvalidDataException or SerializationException)
        {
            return $"Rollout {stored.Rollout} will be sampled again: {error.Message}";
        }
    }

    /// <summary>Rollouts that were stored and not dropped.</summary>
    private IEnumerable<RolloutStoredEvent> StoredRollouts()
    {
        HashSet<RolloutId> dropped = [];
        foreach (IBufferEvent happened in journal.Events.Reverse())
        {
            if (happened is RolloutDroppedEvent gone)
            {
                dropped.Add(gone.Rollout);
            }
            else if (happened is RolloutStoredEvent rollout && !dropped.Remove(rollout.Rollout))
            {
                yield return rollout;
            }
        }

        foreach (RolloutStoredEvent rollout in (journal.Start?.Rollouts ?? []).Where(rollout => !dropped.Contains(rollout.Rollout)))
        {
            yield return rollout;
        }
    }
}
