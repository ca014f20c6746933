namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>
/// (R − mean of the group) / (sample standard deviation of the batch's rewards + ε), as TRL's <c>scale_rewards = batch</c>.
/// </summary>
public sealed class BatchStandardized : IAdvantage
{
    public static BatchStandardized Instance { get; } = new();

    public string Name => "batch-standardized";

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon) =>
        Baseline.Center(rewards, isBaseline);

    public double BatchDivisor(ReadOnlySpan<double> rewards, double epsilon)
    {
        bool[] all = new bool[rewards.Length];
        Array.Fill(all, true);
        return Baseline.Deviation(Baseline.Center(rewards, all), all) + epsilon;
    }
}
