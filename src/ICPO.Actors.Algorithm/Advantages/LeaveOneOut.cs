namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>R − mean of the others (RLOO, arXiv 2402.14740). A group of one uses mean 0.</summary>
public sealed class LeaveOneOut : IAdvantage
{
    public static LeaveOneOut Instance { get; } = new();

    public string Name => "leave-one-out";

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon)
    {
        int count = Baseline.Count(isBaseline);
        double[] advantages = Baseline.Center(rewards, isBaseline);
        for (int i = 0; i < advantages.Length; i++)
        {
            // For a member of the baseline, R − (sum − R)/(n − 1) = (R − mean)·n/(n − 1).
            advantages[i] *= isBaseline[i] && count > 1 ? (double)count / (count - 1) : 1;
        }

        return advantages;
    }
}
