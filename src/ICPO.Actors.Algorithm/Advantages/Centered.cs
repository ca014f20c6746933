namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>R − mean, without a division (Dr. GRPO, arXiv 2503.20783). A group of one uses mean 0.</summary>
public sealed class Centered : IAdvantage
{
    public static Centered Instance { get; } = new();

    public string Name => "centered";

    public IReadOnlyList<string> Aliases => ["centred"];

    public bool IsRelative => true;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon) =>
        Baseline.Center(rewards, isBaseline);
}
