namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>Ranks and statistics of ranks.</summary>
public static class Ranks
{
    /// <summary>
    /// Ranks from 1; values that differ by no more than <paramref name="tolerance"/> from their neighbour share the mean of their ranks.
    /// </summary>
    public static double[] Of(ReadOnlySpan<double> values, double tolerance = 0)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] ranks = new double[sorted.Length];
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            for (next = first + 1; next < sorted.Length && sorted[next] - sorted[next - 1] <= tolerance; next++) { }

            for (int i = first; i < next; i++)
            {
                ranks[order[i]] = (first + 1 + next) / 2.0;
            }
        }

        return ranks;
    }

    /// <summary>Spearman's ρ, in [−1, 1]: Pearson's correlation of the ranks; NaN if one side is constant.</summary>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 2)
        {
            throw new ArgumentException(
                $"A correlation needs two rows of one length, 2 at least; these have {x.Length} and {y.Length}.",
                nameof(y)
            );
        }

        double[] a = Of(x);
        double[] b = Of(y);
        double mean = (a.Length + 1) / 2.0;
        double xy = 0,
            xx = 0,
            yy = 0;
        for (int i = 0; i < a.Length; i++)
        {
            xy += (a[i] - mean) * (b[i] - mean);
            xx += (a[i] - mean) * (a[i] - mean);
            yy += (b[i] - mean) * (b[i] - mean);
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
