using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Staleness;

/// <summary>A distribution of staleness, in updates.</summary>
/// <param name="Count">How many were counted.</param>
/// <param name="Mean">0 if nothing was counted.</param>
/// <param name="P95">The least staleness that at least 95 % do not exceed (nearest rank).</param>
/// <param name="Max">The largest.</param>
/// <param name="Histogram">Staleness → how many.</param>
public sealed record StalenessSummary(long Count, double Mean, long P95, long Max, ImmutableSortedDictionary<long, long> Histogram)
{
    /// <summary>The summary of a histogram.</summary>
    public static StalenessSummary FromHistogram(ImmutableSortedDictionary<long, long> histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        long count = histogram.Values.Sum();
        if (count == 0)
        {
            return new StalenessSummary(0, 0, 0, 0, histogram);
        }

        // Integer arithmetic: 0.95·count rounded up, free of the rounding of 0.95.
        long rank = ((count * 95) + 99) / 100;
        long seen = 0;
        long p95 = histogram.First(bin => (seen += bin.Value) >= rank).Key;
        double mean = histogram.Sum(bin => (double)bin.Key * bin.Value) / count;
        return new StalenessSummary(count, mean, p95, histogram.Keys.Last(), histogram);
    }
}
