namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>pass@k, the chance that at least one of k samples is correct (Chen et al. 2021, unbiased estimator).</summary>
public static class PassAtK
{
    /// <summary>1 − C(n − c, k)/C(n, k) = 1 − Π_{i = n−c+1..n} (1 − k/i).</summary>
    /// <param name="n">Samples of the question.</param>
    /// <param name="correct">c, the correct ones among them.</param>
    /// <param name="k">At most n.</param>
    public static double Estimate(int n, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, n);
        if (n - correct < k)
        {
            return 1;
        }

        double none = 1;
        for (int i = n - correct + 1; i <= n; i++)
        {
            none *= 1 - ((double)k / i);
        }

        return 1 - none;
    }
}
