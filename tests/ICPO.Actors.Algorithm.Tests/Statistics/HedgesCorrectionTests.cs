using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.Algorithm.Tests.Statistics;

/// <summary>The correction of effect sizes for few pairs.</summary>
public sealed class HedgesCorrectionTests
{
    /// <summary>From Γ(1/2) = √π and Γ(x + 1) = x·Γ(x): for example J(4) = Γ(2) / (√2·Γ(3/2)) = √(2/π).</summary>
    [Theory]
    [InlineData(2, 0.56418958354775628695)]
    [InlineData(3, 0.72360125455826764756)]
    [InlineData(4, 0.79788456080286535588)]
    [InlineData(5, 0.84074868245968972)]
    [InlineData(6, 0.86862668782741246)]
    public void Small_cases_equal_their_closed_forms(int degrees, double factor) =>
        Assert.Equal(factor, HedgesCorrection.Factor(degrees), 1e-14);

    [Fact]
    public void The_factor_rises_to_one_as_the_usual_approximation_does()
    {
        for (int degrees = 2; degrees < 400; degrees++)
        {
            double factor = HedgesCorrection.Factor(degrees);
            Assert.InRange(HedgesCorrection.Factor(degrees + 1), factor, 1);
            Assert.Equal(1 - (3 / ((4.0 * degrees) - 1)), factor, 0.04 / (degrees * degrees));
        }
    }

    /// <summary>J(ν)·J(ν + 1) = Γ((ν + 1)/2) / Γ((ν − 1)/2) / √(ν·(ν + 1)/4), and that ratio is (ν − 1)/2.</summary>
    [Fact]
    public void Two_neighbors_multiply_to_a_ratio_without_gamma_functions() =>
        Gen.Int[2, 300]
            .Sample(degrees =>
                Assert.Equal(
                    (degrees - 1) / Math.Sqrt(degrees * (degrees + 1.0)),
                    HedgesCorrection.Factor(degrees) * HedgesCorrection.Factor(degrees + 1),
                    1e-12
                )
            );

    [Fact]
    public void The_effect_size_of_two_pairs_has_no_correction()
    {
        Assert.Null(PairedComparison.Of([0, 0], [1, 2]).HedgesG);
        var three = PairedComparison.Of([0, 0, 0], [1, 2, 3]);
        Assert.Equal(three.CohenDz / Math.Sqrt(Math.PI), three.HedgesG!.Value, 1e-14);
    }
}
