namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>Holm's step-down adjustment for several tests (1979).</summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order of <paramref name="p"/>; each may be compared with the family's level.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        double[] sorted = p.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] adjusted = new double[sorted.Length];
        double highest = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            highest = Math.Max(highest, Math.Min(1, (sorted.Length - i) * sorted[i]));
            adjusted[order[i]] = highest;
        }

        return adjusted;
    }
}
