using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>Chooses the groups of an update. Pure: the same groups, update and seed give the same choice.</summary>
internal static class GroupSelection
{
    /// <summary>At most <paramref name="count"/> of the groups, ascending.</summary>
    /// <param name="free">Groups to choose from, ascending.</param>
    /// <param name="count">Groups per update.</param>
    /// <param name="selector">By what.</param>
    /// <param name="seed">The run's seed with the update.</param>
    public static ImmutableArray<GroupId> Choose(IEnumerable<GroupAdmittedEvent> free, int count, GroupSelector selector, ulong seed)
    {
        GroupAdmittedEvent[] groups = [.. free];
        switch (selector)
        {
            case GroupSelector.Newest:
                Array.Reverse(groups);
                break;
            case GroupSelector.Uniform:
                new RandomStream(seed).Shuffle<GroupAdmittedEvent>(groups);
                break;
            case GroupSelector.Priority:
                groups = [.. groups.OrderByDescending(group => group.RewardSpread)];
                break;
        }

        return [.. groups.Take(count).Select(group => group.Group).Order()];
    }
}
