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
        IEnumerable<GroupAdmittedEvent> preferred = selector switch
        {
            GroupSelector.Newest => free.Reverse(),
            GroupSelector.Uniform => Shuffled([.. free], seed),
            GroupSelector.Priority => free.OrderByDescending(group => group.RewardSpread),
            _ => free,
        };
        return [.. preferred.Take(count).Select(group => group.Group).Order()];
    }

    private static GroupAdmittedEvent[] Shuffled(GroupAdmittedEvent[] groups, ulong seed)
    {
        new RandomStream(seed).Shuffle<GroupAdmittedEvent>(groups);
        return groups;
    }
}
