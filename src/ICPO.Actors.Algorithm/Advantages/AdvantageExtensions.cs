namespace ICPO.Actors.Algorithm.Advantages;

public static class AdvantageExtensions
{
    /// <summary>One advantage per reward, over the union of policy and expert members (ICPO, arXiv 2510.26519 §3.2).</summary>
    /// <param name="advantage">The kind.</param>
    /// <param name="rewards">Rewards of the kept members, bonus included, shape [n].</param>
    /// <param name="epsilon">Added to a standard deviation.</param>
    /// <returns>Shape [n].</returns>
    public static double[] Compute(this IAdvantage advantage, ReadOnlySpan<double> rewards, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(advantage);
        bool[] all = new bool[rewards.Length];
        Array.Fill(all, true);
        return advantage.Compute(rewards, all, epsilon);
    }
}
