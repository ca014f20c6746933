namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>R − mean, without a division (Dr. GRPO, arXiv 2503.20783). A group of one uses mean 0.</summary>
public sealed class Centered : IAdvantage
{
    public static Centered Instance { get; } = new();

    public string Name => "centered";

    public IReadOnlyList<string> Aliases => ["centred"];

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, double epsilon) => Center(rewards);

    internal static double[] Center(ReadOnlySpan<double> rewards)
    {
        double[] centered = new double[rewards.Length];
        double mean = rewards.Length > 1 ? Mean(rewards) : 0;
        for (int i = 0; i < rewards.Length; i++)
        {
            centered[i] = rewards[i] - mean;
        }

        return centered;
    }

    // Relative to the first reward: the mean of equal rewards is then that reward to the last bit, so a group without signal
    // cannot turn rounding errors into a gradient.
    private static double Mean(ReadOnlySpan<double> rewards)
    {
        double sum = 0;
        foreach (double reward in rewards)
        {
            sum += reward - rewards[0];
        }

        return rewards[0] + (sum / rewards.Length);
    }
}
