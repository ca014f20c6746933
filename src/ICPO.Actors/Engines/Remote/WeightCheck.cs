using System.Collections.Immutable;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Decides from samples of a server whether it uses the weights that it should use. Pure.</summary>
internal static class WeightCheck
{
    /// <summary>
    /// A server has not taken new weights if its samples fit the weights before better, and the two sets of weights differ by more than
    /// this factor times what remains.
    /// </summary>
    private const double Distinct = 2;

    /// <param name="sampled">The server's log-probabilities, in nats per token.</param>
    /// <param name="expected">Those of the weights that it should use.</param>
    /// <param name="before">Those of the weights that it used before; empty if they are not known.</param>
    /// <param name="maxMismatch">Maximum mean difference.</param>
    public static WeightCheckResult Compare(
        ImmutableArray<double> sampled,
        ImmutableArray<double> expected,
        ImmutableArray<double> before,
        double maxMismatch
    )
    {
        double mismatch = MeanDifference(sampled, expected);
        bool isStale =
            !before.IsDefaultOrEmpty
            && MeanDifference(sampled, before) is var old
            && old < mismatch
            && MeanDifference(expected, before) > Distinct * old;
        return new WeightCheckResult(mismatch, isStale, isStale || mismatch > maxMismatch);
    }

    /// <summary>The mean of |a − b| over tokens.</summary>
    public static double MeanDifference(ImmutableArray<double> a, ImmutableArray<double> b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).DefaultIfEmpty().Average();
}

/// <summary>The result of a check.</summary>
/// <param name="Mismatch">The mean difference to the expected log-probabilities, in nats per token.</param>
/// <param name="IsStale">True if the server still uses the weights that it used before.</param>
/// <param name="HasFailed">True if the server must not be used.</param>
internal readonly record struct WeightCheckResult(double Mismatch, bool IsStale, bool HasFailed);
