namespace ICPO.Actors.Algorithm;

/// <summary>Group-relative advantages (GRPO) over the union of a group, policy and expert members alike (ICPO §3.2).</summary>
public static class Advantages
{
    /// <summary>
    /// One advantage per reward. <see cref="AdvantageKind.Standardised"/> divides by the sample (n − 1) standard deviation plus
    /// <paramref name="epsilon"/>; a group of one takes mean 0 and deviation 1, as verl does.
    /// </summary>
    /// <param name="rewards">Rewards of the kept members, bonus included, shape [n].</param>
    /// <param name="kind">How they are formed.</param>
    /// <param name="epsilon">Added to the standard deviation; unused by the other kinds.</param>
    /// <returns>Shape [n]. Equal rewards give exact zeros (but for <see cref="AdvantageKind.One"/>).</returns>
    public static double[] Compute(ReadOnlySpan<double> rewards, AdvantageKind kind, double epsilon)
    {
        double[] advantages = new double[rewards.Length];
        if (kind == AdvantageKind.One)
        {
            Array.Fill(advantages, 1);
            return advantages;
        }

        double mean = rewards.Length > 1 ? Mean(rewards) : 0;
        double squares = 0;
        for (int i = 0; i < rewards.Length; i++)
        {
            advantages[i] = rewards[i] - mean;
            squares += advantages[i] * advantages[i];
        }

        if (kind == AdvantageKind.Standardised)
        {
            double scale = (rewards.Length > 1 ? Math.Sqrt(squares / (rewards.Length - 1)) : 1) + epsilon;
            foreach (ref double advantage in advantages.AsSpan())
            {
                // Without ε, equal rewards would be 0/0.
                advantage = advantage == 0 ? 0 : advantage / scale;
            }
        }

        return advantages;
    }

    // Taken relative to the first reward: the mean of equal rewards is then that reward to the last bit, and a group
    // without signal cannot turn rounding errors into a gradient.
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
