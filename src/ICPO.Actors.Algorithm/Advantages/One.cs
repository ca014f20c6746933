namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>1 for every member: supervised training on traces.</summary>
public sealed class One : IAdvantage
{
    public static One Instance { get; } = new();

    public string Name => "one";

    public bool IsRelative => false;

    public double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon)
    {
        double[] advantages = new double[rewards.Length];
        Array.Fill(advantages, 1);
        return advantages;
    }
}
