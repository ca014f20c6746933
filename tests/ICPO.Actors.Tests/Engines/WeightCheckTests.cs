using ICPO.Actors.Engines.Remote;

namespace ICPO.Actors.Tests.Engines;

public sealed class WeightCheckTests
{
    private const int Tokens = 32;
    private static readonly Gen<double[]> LogProbs = Gen.Double[-8, -0.01].Array[Tokens];
    private static readonly Gen<double[]> Noise = Gen.Double[-1e-3, 1e-3].Array[Tokens];

    [Fact]
    public void Samples_of_the_expected_weights_pass_whatever_the_weights_before_were() =>
        Gen.Select(LogProbs, LogProbs, Noise)
            .Sample((expected, before, noise) => !Compare(Add(expected, noise), expected, before, 2e-3).HasFailed);

    [Fact]
    public void Samples_of_the_weights_before_fail_where_the_weights_differ_by_more_than_rounding() =>
        Gen.Select(LogProbs, Gen.Double[0.01, 0.04].Array[Tokens], Noise)
            .Sample(
                (before, change, noise) =>
                {
                    // The change is within the allowed mismatch, so only the comparison with the weights before detects it.
                    WeightCheckResult result = Compare(Add(before, noise), Add(before, change), before, 0.05);
                    return result is { IsStale: true, HasFailed: true };
                }
            );

    [Fact]
    public void A_mismatch_above_the_maximum_fails_without_weights_before() =>
        Gen.Select(LogProbs, Gen.Double[0.06, 1].Array[Tokens])
            .Sample(
                (expected, change) =>
                    Compare(Add(expected, change), expected, [], 0.05) is { IsStale: false, HasFailed: true, Mismatch: > 0.05 }
            );

    private static WeightCheckResult Compare(double[] sampled, double[] expected, double[] before, double maxMismatch) =>
        WeightCheck.Compare([.. sampled], [.. expected], [.. before], maxMismatch);

    private static double[] Add(double[] values, double[] changes) => [.. values.Zip(changes, (value, change) => value + change)];
}
