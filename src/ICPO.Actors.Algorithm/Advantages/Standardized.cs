namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>
/// (R − mean) / (sample standard deviation + ε), the GRPO advantage. A group of one takes mean 0 and deviation 1, as verl does.
/// </summary>
public sealed class Standardized : IAdvantage
{
    public static Standardized Instance { get; } = new();

    public string Name => "standardized";

    public IReadOnlyList<string> Aliases => ["standardised"];

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon)
    {
        double[] advantages = Baseline.Center(rewards, isBaseline);
        double deviation = Baseline.Deviation(advantages, isBaseline);
        foreach (ref double advantage in advantages.AsSpan())
        {
            // Without ε, equal rewards would be 0/0.
            advantage = advantage == 0 ? 0 : advantage / (deviation + epsilon);
        }

        return advantages;
    }
}
