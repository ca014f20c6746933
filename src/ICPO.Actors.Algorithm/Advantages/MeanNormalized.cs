namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>
/// (R − mean)/mean, 0 where the mean is not above 0 (MaxRL, arXiv 2602.02710): its expectation is the gradient of the log-likelihood of
/// a correct answer, truncated at the order of the group's size.
/// </summary>
public sealed class MeanNormalized : IAdvantage
{
    public static MeanNormalized Instance { get; } = new();

    public string Name => "mean-normalized";

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon)
    {
        double[] advantages = new double[rewards.Length];
        double mean = Baseline.Mean(rewards, isBaseline);
        for (int i = 0; i < rewards.Length && mean > 0; i++)
        {
            advantages[i] = (rewards[i] - mean) / mean;
        }

        return advantages;
    }
}
