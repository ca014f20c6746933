using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A group with the rollouts of it that pass a filter.</summary>
internal sealed record FoundGroup(GroupRow Row, InspectedGroup Group)
{
    /// <summary>Why the group's payload cannot be read; null if it can.</summary>
    public string? Error { get; init; }
}

/// <summary>A part of a search.</summary>
/// <param name="Groups">In the requested order.</param>
/// <param name="Next">Where the next part begins; null at the end.</param>
/// <param name="Searched">Groups that were looked at.</param>
internal sealed record SearchPage(List<FoundGroup> Groups, int? Next, int Searched);

/// <summary>
/// Searches the groups of a journal page by page. Verdicts and texts are in the payloads, which are read while searching; a page ends when
/// it is full or its time is over, so that a search without hits in a large run neither takes long nor fills memory.
/// </summary>
internal static class RolloutSearch
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMilliseconds(400);

    /// <param name="view">The journal.</param>
    /// <param name="filter">Which rollouts.</param>
    /// <param name="newestFirst">The order.</param>
    /// <param name="start">Groups to skip in that order: 0 or the previous page's <see cref="SearchPage.Next"/>.</param>
    /// <param name="rollouts">A page is full with so many rollouts.</param>
    /// <param name="time">The clock.</param>
    public static SearchPage Find(JournalView view, RolloutFilter filter, bool newestFirst, int start, int rollouts, TimeProvider time)
    {
        long began = time.GetTimestamp();
        List<FoundGroup> found = [];
        (int hits, int at) = (0, start);
        for (; at < view.Groups.Length && hits < rollouts && time.GetElapsedTime(began) < MaxDuration; at++)
        {
            GroupRow row = view.Groups[newestFirst ? view.Groups.Length - 1 - at : at];
            if (filter.MayTake(row.Entry) && Read(view, row, filter) is { } group)
            {
                found.Add(group);
                hits += Math.Max(1, group.Group.Rollouts.Length + group.Group.Dropped.Length);
            }
        }

        return new SearchPage(found, at < view.Groups.Length ? at : null, at - start);
    }

    /// <summary>A group with the rollouts that pass; null without any.</summary>
    private static FoundGroup? Read(JournalView view, GroupRow row, RolloutFilter filter)
    {
        InspectedGroup group;
        try
        {
            group = view.Inspector.Read(row.Entry);
        }
        catch (Exception error) when (ReadErrors.Contains(error))
        {
            // A damaged payload is shown where it is found; the others are listed.
            return new FoundGroup(row, new InspectedGroup(row.Entry.Id, row.Entry.Fate, row.Entry.Update, null, [], []))
            {
                Error = error.Message,
            };
        }

        InspectedGroup passing = group with
        {
            Rollouts = [.. group.Rollouts.Where(rollout => filter.Takes(group, rollout))],
            Dropped = [.. group.Dropped.Where(dropped => filter.Takes(dropped, group.TextOf(dropped)))],
        };
        return passing.Rollouts.Length + passing.Dropped.Length > 0 ? new FoundGroup(row, passing) : null;
    }
}
