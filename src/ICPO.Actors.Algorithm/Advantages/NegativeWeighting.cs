using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>
/// Weights the negative advantages of policy members where only expert members have a positive one. In such a group the policy's own
/// samples show only what to avoid, and many of them can outweigh the one that shows what to do. Not in the paper; weight 1 is off.
/// </summary>
public static class NegativeWeighting
{
    /// <summary>Applies the weight in place.</summary>
    /// <param name="advantages">Shape [n].</param>
    /// <param name="origins">The origins of the same members, shape [n].</param>
    /// <param name="weight">At least 0.</param>
    public static void Apply(Span<double> advantages, ReadOnlySpan<Origin> origins, double weight)
    {
        bool expertIsPositive = HasPositive(advantages, origins, Origin.Expert);
        if (!expertIsPositive || HasPositive(advantages, origins, Origin.Policy))
        {
            return;
        }

        for (int i = 0; i < advantages.Length; i++)
        {
            advantages[i] *= advantages[i] < 0 && origins[i] == Origin.Policy ? weight : 1;
        }
    }

    private static bool HasPositive(ReadOnlySpan<double> advantages, ReadOnlySpan<Origin> origins, Origin origin)
    {
        for (int i = 0; i < advantages.Length; i++)
        {
            if (advantages[i] > 0 && origins[i] == origin)
            {
                return true;
            }
        }

        return false;
    }
}
