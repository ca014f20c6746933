using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>Group-relative advantages (GRPO) over the union of a group, policy and expert members alike (ICPO §3.2).</summary>
public static class GroupAdvantages
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

    /// <summary>
    /// Weighs the negative advantages of policy members where no policy member has a positive one, though an expert has: there the policy's
    /// own
    /// samples show only what to avoid, and with many of them that can outweigh the one that shows what to do. Not in the paper; 1 changes
    /// nothing.
    /// </summary>
    /// <param name="advantages">Shape [n]; changed in place.</param>
    /// <param name="origins">Of the same members, shape [n].</param>
    /// <param name="weight">From 0 up.</param>
    public static void WeighNegatives(Span<double> advantages, ReadOnlySpan<Origin> origins, double weight)
    {
        (bool expert, bool policy) = (false, false);
        for (int i = 0; i < advantages.Length; i++)
        {
            (expert, policy) = (
                expert || (advantages[i] > 0 && origins[i] == Origin.Expert),
                policy || (advantages[i] > 0 && origins[i] == Origin.Policy)
            );
        }

        for (int i = 0; expert && !policy && i < advantages.Length; i++)
        {
            advantages[i] *= advantages[i] < 0 && origins[i] == Origin.Policy ? weight : 1;
        }
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
