namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>P(|Z| ≤ z) = erf(z/√2), z ≥ 0, by its all-positive series √(2/π)·e^(−z²/2)·Σ z^(2n+1)/(2n+1)!!.</summary>
    public static double Central(double z)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(z);
        double term = z;
        double sum = z;
        for (int odd = 3; term > sum * 1e-17; odd += 2)
        {
            term *= z * z / odd;
            sum += term;
        }

        return Math.Min(1, 2 * Density(z) * sum);
    }

    /// <summary>The z with P(|Z| ≤ z) = <paramref name="confidence"/>, e.g. 1.96 for 0.95.</summary>
    public static double CentralQuantile(double confidence) => Quantile.Central(confidence, Central, Density);

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}

internal static class Quantile
{
    /// <summary>
    /// The x &gt; 0 with P(|X| ≤ x) = <paramref name="confidence"/> for a symmetric X whose density falls on x &gt; 0. Central probability
    /// is
    /// then concave in x, so Newton's steps from 0 rise to the root and never pass it; they end where rounding stops them.
    /// </summary>
    public static double Central(double confidence, Func<double, double> central, Func<double, double> density)
    {
        if (confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is between 0 and 1.");
        }

        double x = 0;
        for (int i = 0; i < 200; i++)
        {
            double step = (confidence - central(x)) / (2 * density(x));
            x += step;
            if (step <= 1e-15 * x)
            {
                break;
            }
        }

        return x;
    }
}
