using System.Text.Json;
using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.Algorithm.Tests.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public void Pass_at_k_and_Wilson_intervals_equal_those_of_other_software() =>
        Compare(fixture =>
        {
            switch (fixture.Text("kind"))
            {
                case "pass_at_k":
                    fixture.Near(
                        fixture.Number("value"),
                        PassAtK.Estimate((int)fixture.Number("n"), (int)fixture.Number("correct"), (int)fixture.Number("k")),
                        "pass@k"
                    );
                    return true;
                case "pass_at_k_mean":
                    int k = (int)fixture.Number("k");
                    fixture.Near(
                        fixture.Number("value"),
                        fixture.Integers("n").Zip(fixture.Integers("correct")).Average(q => PassAtK.Estimate(q.First, q.Second, k)),
                        "mean pass@k"
                    );
                    return true;
                case "wilson":
                    double n = fixture.Number("n");
                    Interval interval = Wilson.Interval(fixture.Number("successes") / n, (long)n, fixture.Number("confidence"));
                    fixture.Near(fixture.Number("low"), interval.Low, "low");
                    fixture.Near(fixture.Number("high"), interval.High, "high");
                    return true;
                default:
                    return false;
            }
        });

    [Fact]
    public void Comparisons_equal_those_of_other_software() =>
        Compare(fixture =>
        {
            switch (fixture.Text("kind"))
            {
                case "paired":
                    var paired = PairedComparison.Of(fixture.Numbers("a"), fixture.Numbers("b"));
                    fixture.Near(fixture.Number("mean_difference"), paired.MeanDifference, "mean");
                    fixture.Near(fixture.Number("sd_difference"), paired.DeviationOfDifference, "sd");
                    fixture.Near(fixture.Number("t"), paired.T, "t");
                    Assert.Equal((int)fixture.Number("df"), paired.DegreesOfFreedom);
                    fixture.Near(fixture.Number("p_two_sided"), paired.P, "p");
                    fixture.Near(fixture.Numbers("ci95"), [paired.Interval.Low, paired.Interval.High], "interval");
                    fixture.Near(fixture.Number("cohen_dz"), paired.CohenDz, "dz");
                    Optional(fixture, "wilcoxon_exact_p", paired.WilcoxonP);
                    Optional(fixture, "sign_flip_exact_p", paired.SignFlipP);
                    return true;
                case "holm":
                    fixture.Near(fixture.Numbers("adjusted"), Holm.Adjust(fixture.Numbers("p")), "adjusted");
                    return true;
                case "spearman":
                    fixture.Near(fixture.Number("rho"), Ranks.Spearman(fixture.Numbers("x"), fixture.Numbers("y")), "rho");
                    return true;
                default:
                    return false;
            }
        });

    private static void Optional(JsonElement fixture, string name, double? actual)
    {
        if (fixture.TryGetProperty(name, out JsonElement want) && want.ValueKind != JsonValueKind.Null && actual is { } value)
        {
            fixture.Near(want.Number(), value, name);
        }
    }

    private static void Compare(Func<JsonElement, bool> compare)
    {
        int compared = 0,
            skipped = 0;
        foreach (JsonElement fixture in ObjectiveFixtures.Cases("kind"))
        {
            _ = compare(fixture) ? compared++ : skipped++;
        }

        ObjectiveFixtures.Report(compared, skipped, "of another kind");
    }

    /// <summary>Tables: e.g. t(0.975; ν) of any textbook.</summary>
    [Theory]
    [InlineData(1, 12.706204736432095)]
    [InlineData(2, 4.302652729911275)]
    [InlineData(4, 2.7764451051977987)]
    [InlineData(30, 2.0422724563012373)]
    [InlineData(1000, 1.9623390808264078)]
    public void Quantiles_of_Student_t_equal_the_tables(int degrees, double quantile) =>
        Assert.Equal(quantile, StudentT.CentralQuantile(0.95, degrees), 1e-10 * quantile);

    [Fact]
    public void A_quantile_of_Student_t_is_the_inverse_of_its_probability() =>
        Gen.Select(Gen.Double[0.001, 0.9999], Gen.Int[1, 300])
            .Sample(
                (confidence, degrees) =>
                    Math.Abs(1 - StudentT.TwoSidedP(StudentT.CentralQuantile(confidence, degrees), degrees) - confidence) < 1e-12
            );

    [Fact]
    public void Student_t_keeps_its_digits_in_the_tails()
    {
        // ν = 1: 2·atan(1/t)/π; ν = 2: 1 − t/√(t² + 2), written without cancellation.
        foreach (double t in (double[])[1e-8, 1e-3, 0.5, 1, 7, 1e3, 1e8])
        {
            double root = Math.Sqrt((t * t) + 2);
            double two = 2 / (root * (root + t));
            Assert.Equal(1, StudentT.TwoSidedP(t, 1) / (2 * Math.Atan(1 / t) / Math.PI), 1e-13);
            Assert.Equal(1, StudentT.TwoSidedP(-t, 2) / two, 1e-13);
        }
    }

    [Fact]
    public void The_normal_quantile_equals_the_tables()
    {
        Assert.Equal(1.959963984540054, Normal.CentralQuantile(0.95), 1e-14);
        Assert.Equal(2.5758293035489004, Normal.CentralQuantile(0.99), 1e-13);
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.CentralQuantile(1));
    }

    [Fact]
    public void A_Wilson_interval_holds_its_proportion_and_narrows_with_more_trials() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[1, 50])
            .Sample(
                (a, b) =>
                {
                    double p = (double)a / (a + b);
                    Interval few = Wilson.Interval(p, a + b);
                    Interval many = Wilson.Interval(p, 4L * (a + b));
                    Assert.InRange(p, few.Low, few.High);
                    Assert.True(many.High - many.Low < few.High - few.Low);
                }
            );

    [Fact]
    public void The_exact_tests_equal_a_count_of_all_signs_with_ties_and_zeros() =>
        Gen.Int[-3, 3]
            .Array[1, 9]
            .Sample(values =>
            {
                double[] differences = [.. values.Select(v => v / 10.0)];
                double[] ranked = [.. differences.Where(d => d != 0)];
                double[] ranks = Ranks.Of([.. ranked.Select(Math.Abs)], 1e-12);
                double centre = ranks.Sum() / 2;
                double observed = Math.Abs(ranks.Where((_, i) => ranked[i] > 0).Sum() - centre);
                Assert.Equal(
                    Share(ranks.Length, signs => Math.Abs(ranks.Where((_, i) => (signs >> i & 1) == 1).Sum() - centre) >= observed - 1e-9),
                    ExactTests.Wilcoxon(differences)!.Value,
                    1e-12
                );
                Assert.Equal(
                    Share(values.Length, signs =>
                        Math.Abs(values.Select((v, i) => (signs >> i & 1) == 1 ? v : -v).Sum()) >= Math.Abs(values.Sum())
                    ),
                    ExactTests.SignFlip(differences)!.Value
                );
            });

    private static double Share(int n, Func<int, bool> reaches) => Enumerable.Range(0, 1 << n).Count(reaches) / Math.Pow(2, n);

    [Fact]
    public void The_exact_tests_say_nothing_about_more_pairs_than_they_can_count()
    {
        Assert.Null(ExactTests.SignFlip(new double[ExactTests.MostSignFlips + 1]));
        Assert.Null(ExactTests.Wilcoxon(new double[ExactTests.MostRanks + 1]));
        Assert.InRange(
            ExactTests.Wilcoxon([.. Enumerable.Range(1, ExactTests.MostRanks).Select(i => (double)i)])!.Value,
            double.Epsilon,
            1e-50
        );
    }

    [Fact]
    public void Differences_without_spread_are_certain_or_nothing()
    {
        var same = PairedComparison.Of([0.5, 0.25, 0.75], [0.5, 0.25, 0.75]);
        Assert.Equal((0d, 1d, 0d, 1d, 1d), (same.T, same.P, same.CohenDz, same.WilcoxonP, same.SignFlipP));
        var better = PairedComparison.Of([0.5, 0.25, 0.75], [0.75, 0.5, 1]);
        Assert.Equal((double.PositiveInfinity, 0d, new Interval(0.25, 0.25)), (better.T, better.P, better.Interval));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1], [2]));
    }

    [Fact]
    public void Swapping_the_arms_turns_the_sign_and_keeps_the_p_values() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1])
            .Array[2, 10]
            .Sample(pairs =>
            {
                double[] a = [.. pairs.Select(p => p.Item1)];
                double[] b = [.. pairs.Select(p => p.Item2)];
                var forth = PairedComparison.Of(a, b);
                var back = PairedComparison.Of(b, a);
                Assert.Equal(forth.T, -back.T, 1e-9 * Math.Abs(forth.T));
                Assert.Equal(forth.P, back.P, 1e-9);
                Assert.Equal(forth.WilcoxonP!.Value, back.WilcoxonP!.Value, 1e-12);
                Assert.Equal(forth.SignFlipP, back.SignFlipP);
            });
}
