namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>The members whose rewards an advantage is relative to.</summary>
public enum BaselineMembers
{
    /// <summary>Policy and expert members (ICPO, LUFFY).</summary>
    Union,

    /// <summary>Policy members only.</summary>
    Policy,
}

/// <summary>Mean and deviation of the baseline members of a group.</summary>
internal static class Baseline
{
    public static int Count(ReadOnlySpan<bool> isBaseline) => isBaseline.Count(true);

    /// <summary>
    /// Relative to the first reward: the mean of equal rewards is then that reward to the last bit, so a group without signal cannot turn
    /// rounding errors into a gradient. 0 without members.
    /// </summary>
    public static double Mean(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline)
    {
        int first = isBaseline.IndexOf(true);
        if (first < 0)
        {
            return 0;
        }

        double sum = 0;
        for (int i = first; i < rewards.Length; i++)
        {
            sum += isBaseline[i] ? rewards[i] - rewards[first] : 0;
        }

        return rewards[first] + (sum / Count(isBaseline));
    }

    /// <summary>R − mean; the mean of fewer than two members is 0.</summary>
    public static double[] Center(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline)
    {
        double mean = Count(isBaseline) > 1 ? Mean(rewards, isBaseline) : 0;
        double[] centered = new double[rewards.Length];
        for (int i = 0; i < rewards.Length; i++)
        {
            centered[i] = rewards[i] - mean;
        }

        return centered;
    }

    /// <summary>Sample standard deviation of centered rewards; 1 for fewer than two members or equal ones.</summary>
    public static double Deviation(ReadOnlySpan<double> centered, ReadOnlySpan<bool> isBaseline)
    {
        int count = Count(isBaseline);
        if (count < 2)
        {
            return 1;
        }

        double sum = 0;
        for (int i = 0; i < centered.Length; i++)
        {
            sum += isBaseline[i] ? centered[i] * centered[i] : 0;
        }

        return sum == 0 ? 1 : Math.Sqrt(sum / (count - 1));
    }
}
