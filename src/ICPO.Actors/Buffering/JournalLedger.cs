using System.Collections.Immutable;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// Where the rollouts of decided groups went, counted from the journal's own events: consumed, buffered, or dropped with a
/// reason; groups, rollouts and tokens, per origin. Survives restarts with the journal.
/// </summary>
public sealed class JournalLedger
{
    private readonly SortedDictionary<string, long> _counters;

    public JournalLedger(IReadOnlyDictionary<string, long>? counters = null) =>
        _counters = new SortedDictionary<string, long>(counters?.ToDictionary() ?? [], StringComparer.Ordinal);

    public long this[string counter] => _counters.GetValueOrDefault(counter);

    public long GroupsAdmitted => this["groups/admitted"];

    public long GroupsRejected => this["groups/rejected"];

    /// <summary>Tokens of rollouts that were decided, whatever became of them.</summary>
    public long Tokens(Origin origin) => this[$"decided/{Name(origin)}/tokens"];

    public long Rollouts(Origin origin) => this[$"decided/{Name(origin)}/rollouts"];

    public void Stored(GroupStored stored)
    {
        Add("groups/admitted", 1);
        foreach (OriginCount kept in stored.Kept)
        {
            Decide(kept.Origin, "buffered", kept.Rollouts, kept.Tokens);
        }

        Dropped(stored.Dropped);
    }

    public void TurnedDown(GroupTurnedDown down, GroupStored? withdrawn)
    {
        Add("groups/rejected", 1);
        Add($"groups/rejected/{Kebab(down.Reason.ToString())}", 1);
        if (withdrawn is null)
        {
            Dropped(down.Dropped);
            return;
        }

        // It had been admitted and was counted then; now it moves from buffered to stale.
        Add("groups/admitted", -1);
        foreach (OriginCount kept in withdrawn.Kept)
        {
            Move(kept, "buffered", "stale");
        }
    }

    public void Consumed(GroupStored stored)
    {
        Add("groups/consumed", 1);
        foreach (OriginCount kept in stored.Kept)
        {
            Move(kept, "buffered", "consumed");
        }
    }

    /// <summary>True where the fates of decided rollouts add up to the rollouts that were decided, per origin.</summary>
    public bool Closes => Enum.GetValues<Origin>().All(origin =>
        Fates(origin, "tokens") == Tokens(origin) && Fates(origin, "rollouts") == Rollouts(origin));

    public ImmutableSortedDictionary<string, long> ToCounters() => _counters.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private long Fates(Origin origin, string unit) => _counters
        .Where(counter => counter.Key.StartsWith($"fate/{Name(origin)}/", StringComparison.Ordinal) && counter.Key.EndsWith($"/{unit}", StringComparison.Ordinal))
        .Sum(counter => counter.Value);

    private void Dropped(ImmutableArray<DroppedRollout> dropped)
    {
        foreach (DroppedRollout rollout in dropped.Where(rollout => rollout.Reason != DropReason.GenerationFailed))
        {
            Decide(rollout.Id.Origin, Kebab(rollout.Reason.ToString()), 1, rollout.Tokens);
        }
    }

    private void Decide(Origin origin, string fate, long rollouts, long tokens)
    {
        Add($"decided/{Name(origin)}/rollouts", rollouts);
        Add($"decided/{Name(origin)}/tokens", tokens);
        Add($"fate/{Name(origin)}/{fate}/rollouts", rollouts);
        Add($"fate/{Name(origin)}/{fate}/tokens", tokens);
    }

    private void Move(OriginCount kept, string from, string to)
    {
        Add($"fate/{Name(kept.Origin)}/{from}/rollouts", -kept.Rollouts);
        Add($"fate/{Name(kept.Origin)}/{from}/tokens", -kept.Tokens);
        Add($"fate/{Name(kept.Origin)}/{to}/rollouts", kept.Rollouts);
        Add($"fate/{Name(kept.Origin)}/{to}/tokens", kept.Tokens);
    }

    private void Add(string counter, long amount) => _counters[counter] = _counters.GetValueOrDefault(counter) + amount;

    private static string Name(Origin origin) => origin == Origin.Policy ? "policy" : "expert";

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
