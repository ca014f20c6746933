namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>Paired comparison of two arms over the same seeds: b minus a.</summary>
public sealed record PairedComparison
{
    /// <summary>Pairs.</summary>
    public required int Count { get; init; }

    /// <summary>Mean of b − a.</summary>
    public required double MeanDifference { get; init; }

    /// <summary>Sample (n − 1) standard deviation of b − a.</summary>
    public required double DeviationOfDifference { get; init; }

    /// <summary>Student's t; ±∞ if all differences are equal and not 0, 0 if all are 0.</summary>
    public required double T { get; init; }

    public int DegreesOfFreedom => Count - 1;

    /// <summary>Two-sided p of the t test.</summary>
    public required double P { get; init; }

    /// <summary>The confidence interval of the mean difference.</summary>
    public required Interval Interval { get; init; }

    /// <summary>Cohen's d_z = mean / deviation; as <see cref="T"/> if the deviation is 0.</summary>
    public required double CohenDz { get; init; }

    /// <summary>
    /// Hedges' g, <see cref="CohenDz"/> without its bias for few pairs; null for two pairs, which have no unbiased estimate.
    /// </summary>
    public double? HedgesG => Count > 2 ? CohenDz * HedgesCorrection.Factor(DegreesOfFreedom) : null;

    /// <summary>Exact two-sided Wilcoxon signed-rank p; null beyond <see cref="ExactTests.MostRanks"/> pairs.</summary>
    public required double? WilcoxonP { get; init; }

    /// <summary>Exact two-sided sign-flip p; null beyond <see cref="ExactTests.MostSignFlips"/> pairs.</summary>
    public required double? SignFlipP { get; init; }

    /// <summary>Compares runs that share everything but the arm; <c>a[i]</c> and <c>b[i]</c> belong to one seed.</summary>
    public static PairedComparison Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence = 0.95)
    {
        if (a.Length != b.Length || a.Length < 2)
        {
            throw new ArgumentException(
                $"A paired comparison needs two runs per arm at least, as many of each; these are {a.Length} and {b.Length}.",
                nameof(b)
            );
        }

        double[] differences = new double[a.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = b[i] - a[i];
        }

        double mean = differences.Average();
        double deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1));
        double error = deviation / Math.Sqrt(differences.Length);
        double t = mean == 0 ? 0 : mean / error;
        double half = StudentT.CentralQuantile(confidence, differences.Length - 1) * error;
        return new PairedComparison
        {
            Count = differences.Length,
            MeanDifference = mean,
            DeviationOfDifference = deviation,
            T = t,
            P = StudentT.TwoSidedP(t, differences.Length - 1),
            Interval = new Interval(mean - half, mean + half),
            CohenDz = mean == 0 ? 0 : mean / deviation,
            WilcoxonP = ExactTests.Wilcoxon(differences),
            SignFlipP = ExactTests.SignFlip(differences),
        };
    }
}
