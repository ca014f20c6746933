namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>
/// Two-sided exact tests of "the differences are symmetric about 0", over all 2ⁿ assignments of signs. Differences within 1e-12 of
/// the largest one count as equal (and as 0), so that 0.3 − 0.2 ties with 0.2 − 0.1.
/// </summary>
public static class ExactTests
{
    /// <summary>Most pairs whose signs are flipped one by one (4 million sums).</summary>
    public const int MostSignFlips = 22;

    /// <summary>Most pairs of the exact Wilcoxon distribution.</summary>
    public const int MostRanks = 200;

    /// <summary>Share of sign assignments whose |sum| reaches the observed one; null beyond <see cref="MostSignFlips"/> pairs.</summary>
    public static double? SignFlip(ReadOnlySpan<double> differences)
    {
        if (differences.Length > MostSignFlips)
        {
            return null;
        }

        double[] sizes = new double[differences.Length];
        double observed = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(differences[i]);
            observed += differences[i];
        }

        double bound = Math.Abs(observed) - (1e-12 * sizes.Sum());
        return Reaching(sizes, 0, 0, bound) / Math.Pow(2, sizes.Length);
    }

    /// <summary>
    /// Wilcoxon's signed-rank test; zeros are left out, ties share their mean rank. Null beyond <see cref="MostRanks"/> pairs.
    /// </summary>
    public static double? Wilcoxon(ReadOnlySpan<double> differences)
    {
        if (differences.Length > MostRanks)
        {
            return null;
        }

        double largest = 0;
        foreach (double difference in differences)
        {
            largest = Math.Max(largest, Math.Abs(difference));
        }

        double tolerance = 1e-12 * largest;
        double[] kept = [.. differences.ToArray().Where(d => Math.Abs(d) > tolerance)];

        // Twice the rank is a whole number, ties included, so the distribution of W+ is supported on whole numbers.
        int[] ranks = [.. Ranks.Of([.. kept.Select(Math.Abs)], tolerance).Select(r => (int)Math.Round(2 * r))];
        int total = ranks.Sum();
        double[] distribution = new double[total + 1];
        distribution[0] = 1;
        int reached = 0;
        foreach (int rank in ranks)
        {
            reached += rank;
            for (int w = reached; w >= 0; w--)
            {
                distribution[w] = (distribution[w] + (w >= rank ? distribution[w - rank] : 0)) / 2;
            }
        }

        int positive = ranks.Where((_, i) => kept[i] > 0).Sum();
        double tail = distribution.Take(Math.Min(positive, total - positive) + 1).Sum();
        return Math.Min(1, 2 * tail);
    }

    private static long Reaching(double[] sizes, int index, double sum, double bound) =>
        index == sizes.Length
            ? (Math.Abs(sum) >= bound ? 1 : 0)
            : Reaching(sizes, index + 1, sum + sizes[index], bound) + Reaching(sizes, index + 1, sum - sizes[index], bound);
}
