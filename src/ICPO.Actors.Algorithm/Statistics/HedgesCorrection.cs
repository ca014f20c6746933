namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>The factor that makes a standardized mean difference of normal values unbiased (Hedges 1981).</summary>
public static class HedgesCorrection
{
    /// <summary>J(ν) = Γ(ν/2) / (√(ν/2)·Γ((ν − 1)/2)), in (0, 1) and rising to 1.</summary>
    /// <param name="degreesOfFreedom">ν, at least 2.</param>
    public static double Factor(int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 2);

        // Γ(ν/2)/Γ((ν − 1)/2) grows by (ν/2) / ((ν − 1)/2) with two more degrees of freedom.
        bool isOdd = int.IsOddInteger(degreesOfFreedom);
        double ratio = isOdd ? Math.Sqrt(Math.PI) / 2 : 1 / Math.Sqrt(Math.PI);
        for (double degrees = isOdd ? 3 : 2; degrees < degreesOfFreedom; degrees += 2)
        {
            ratio *= degrees / (degrees - 1);
        }

        return ratio / Math.Sqrt(degreesOfFreedom / 2.0);
    }
}
