namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>Wilson's score interval of a proportion (1927).</summary>
public static class Wilson
{
    /// <param name="proportion">The observed share, in [0, 1].</param>
    /// <param name="n">Trials, at least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static Interval Interval(double proportion, long n, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        if (proportion is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(proportion), proportion, "A proportion is in [0, 1].");
        }

        double z = Normal.CentralQuantile(confidence);
        double z2 = z * z / n;
        double center = (proportion + (z2 / 2)) / (1 + z2);
        double half = Math.Sqrt((proportion * (1 - proportion) * z2) + (z2 * z2 / 4)) / (1 + z2);
        return new Interval(Math.Max(0, center - half), Math.Min(1, center + half));
    }
}
