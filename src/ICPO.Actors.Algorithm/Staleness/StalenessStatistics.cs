using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Algorithm.Staleness;

/// <summary>Staleness of some rollouts per token (by the version that sampled it) and per rollout (by the oldest version in it).</summary>
public sealed record StalenessSplit(StalenessSummary Tokens, StalenessSummary Rollouts);

/// <summary>
/// The number of updates between the weights that sampled and the version that trains. Staleness is not steering: it is reported per
/// origin, because corrections for it apply to policy-origin tokens only.
/// </summary>
public sealed record StalenessStatistics(StalenessSplit All, StalenessSplit Policy, StalenessSplit Expert)
{
    /// <summary>
    /// The staleness of every member of <paramref name="groups"/> where the update after <paramref name="consuming"/> trains on them.
    /// </summary>
    /// <exception cref="ArgumentException">A token is of a later version than the one that consumes it.</exception>
    public static StalenessStatistics Compute(IEnumerable<TrainingGroup> groups, PolicyVersion consuming)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Rollout[] rollouts = [.. groups.SelectMany(g => g.Members).Select(m => m.Rollout)];
        return new StalenessStatistics(
            Split(rollouts, consuming),
            Split(rollouts.Where(r => r.Origin == Origin.Policy), consuming),
            Split(rollouts.Where(r => r.Origin == Origin.Expert), consuming)
        );
    }

    private static StalenessSplit Split(IEnumerable<Rollout> rollouts, PolicyVersion consuming)
    {
        Dictionary<long, long> tokens = [];
        Dictionary<long, long> whole = [];
        foreach (Rollout rollout in rollouts)
        {
            long oldest = long.MinValue;
            foreach (long version in rollout.Versions)
            {
                long staleness = consuming.Value - version;
                if (staleness < 0)
                {
                    throw new ArgumentException(
                        $"Rollout {rollout.Id} contains a token of v{version}, later than {consuming}, which consumes it.",
                        nameof(rollouts)
                    );
                }

                oldest = Math.Max(oldest, staleness);
                Count(tokens, staleness);
            }

            if (oldest >= 0)
            {
                Count(whole, oldest);
            }
        }

        return new StalenessSplit(
            StalenessSummary.FromHistogram(tokens.ToImmutableSortedDictionary()),
            StalenessSummary.FromHistogram(whole.ToImmutableSortedDictionary())
        );
    }

    private static void Count(Dictionary<long, long> histogram, long staleness) =>
        histogram[staleness] = histogram.GetValueOrDefault(staleness) + 1;
}
