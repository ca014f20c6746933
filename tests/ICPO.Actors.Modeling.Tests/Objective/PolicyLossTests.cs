using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>Policy losses and masks against plain loops and finite differences, and at extremes.</summary>
public sealed class PolicyLossTests
{
    private const int Policy = 12;

    public PolicyLossTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData("clip", RatioForm.Token)]
    [InlineData("clip", RatioForm.Sequence)]
    [InlineData("clip", RatioForm.Shaped)]
    [InlineData("sapo", RatioForm.Token)]
    [InlineData("sapo", RatioForm.Sequence)]
    [InlineData("gmpo", RatioForm.Token)]
    [InlineData("reinforce", RatioForm.Token)]
    [InlineData("srft", RatioForm.Token)]
    public void Gradients_equal_finite_differences(string loss, RatioForm ratio) =>
        Sample(seed =>
        {
            ObjectiveSettings settings = new()
            {
                PolicyLoss = PolicyLossRegistry.Get(loss),
                Ratio = ratio,
                Correction = new TisToken(),
                ClipLow = 0.3,
                ClipHigh = 0.3,
                ImitationCoefficient = 0.5,
                ImitationByEntropy = true,
                KlCoefficient = 0.1,
                KlWeighted = true,
            };
            ObjectiveInputs inputs = Inputs(seed);
            Tensor at = inputs.LogProbs;
            PolicyObjective.Compute(inputs, settings).Loss.backward();
            double[] actual = at.grad!.data<double>().ToArray();
            double[] values = at.detach().data<double>().ToArray();
            const double Step = 1e-6;
            double[] expected = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                expected[i] = (At(i, Step) - At(i, -Step)) / (2 * Step);
            }

            Fixtures.Close(expected, actual, 1e-7, "gradient");

            double At(int index, double step)
            {
                double[] moved = [.. values];
                moved[index] += step;
                return PolicyObjective.Compute(inputs with { LogProbs = tensor(moved) }, settings).Loss.item<double>();
            }
        });

    [Theory]
    [InlineData("cispo")]
    [InlineData("topr")]
    [InlineData("vespo")]
    public void Losses_with_a_constant_weight_equal_plain_loops_and_have_the_weight_as_gradient(string loss) =>
        Sample(seed =>
        {
            ObjectiveSettings settings = new() { PolicyLoss = PolicyLossRegistry.Get(loss), Correction = new Bypass() };
            ObjectiveInputs inputs = Inputs(seed);
            ObjectiveOutputs outputs = PolicyObjective.Compute(inputs, settings);
            outputs.Loss.backward();
            (double[] p, double[] mu) = (Numbers(inputs.LogProbs), Numbers(inputs.Behaviour));
            (double[] a, double[] mask) = (Numbers(inputs.Advantage), Numbers(inputs.Mask));
            long[] row = inputs.Sequence.data<long>().ToArray();
            bool[] rewarded = inputs.Rewarded!.data<bool>().ToArray();
            double[] gradient = new double[p.Length];
            double expected = 0;
            for (int t = 0; t < Policy; t++)
            {
                double u = Math.Exp(p[t] - mu[t]);
                double whole = Math.Exp(Enumerable.Range(0, p.Length).Where(i => row[i] == row[t]).Sum(i => mask[i] * (p[i] - mu[i])));
                (double k, double decay) = a[row[t]] >= 0 ? (2.0, 3.0) : (3.0, 2.0);
                double weight = loss switch
                {
                    "cispo" => Math.Clamp(u, 0.8, 1.2),
                    "topr" => rewarded[row[t]] ? 1 : Math.Min(u, 1),
                    _ => Math.Exp(decay) * Math.Pow(whole, k) * Math.Exp(-decay * whole),
                };
                gradient[t] = -weight * a[row[t]] * mask[t] / mask.Sum();
                expected += gradient[t] * p[t];
            }

            double expert = outputs.Statistics.Metrics().ToDictionary()["expert/loss"];
            Assert.Equal(expected + expert, outputs.Loss.item<double>(), 1e-12);
            double[] actual = inputs.LogProbs.grad!.data<double>().ToArray();
            Fixtures.Close(gradient.AsSpan(0, Policy), actual.AsSpan(0, Policy), 1e-12, "gradient");
        });

    [Fact]
    public void A_second_moment_mask_drops_the_largest_squares_until_the_mean_is_at_most_the_threshold() =>
        Gen.Select(Gen.Double[0, 4].Array[0, 40], Gen.Double[0, 2])
            .Sample(
                (squares, threshold) =>
                {
                    double limit = new SecondMoment(threshold).SquaredLimit([.. squares]);
                    double[] kept = [.. squares.Where(square => square <= limit)];
                    double[] dropped = [.. squares.Where(square => square > limit)];
                    bool isSmall = kept.Length == 0 || kept.Average() <= threshold + 1e-12;
                    double[] next = [.. dropped.Where(square => square == dropped.Min())];
                    return isSmall && (dropped.Length == 0 || kept.Concat(next).Average() > threshold - 1e-12);
                }
            );

    [Fact]
    public void A_mask_of_a_mini_batch_is_the_same_whole_and_in_parts()
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveSettings settings = new() { Masks = [new SecondMoment(0.02)], Correction = new Decoupled() };
        ObjectiveInputs inputs = Inputs(1) with { Expert = zeros(5, dtype: ScalarType.Bool) };
        double[] squares = Numbers((inputs.Proximal! - inputs.Behaviour).square().masked_select(inputs.Mask.Gt(0)));
        double limit = settings.Masks[0].SquaredLimit(squares);
        double whole = PolicyObjective.Compute(inputs, settings).Loss.item<double>();
        double parts = Enumerable
            .Range(0, 5)
            .Sum(row =>
                PolicyObjective
                    .Compute(
                        inputs with
                        {
                            Mask = inputs.Mask * inputs.Sequence.eq(tensor((long)row)),
                            Totals = inputs.Totals with { SquaredLimit = limit },
                        },
                        settings
                    )
                    .Loss.item<double>()
            );
        Assert.Equal(whole, parts, 1e-12);
    }

    [Fact]
    public void A_negative_drift_mask_drops_whole_responses_that_the_policy_left() =>
        Sample(seed =>
        {
            ObjectiveInputs inputs = Inputs(seed);
            Tensor kept = PolicyObjective
                .Weigh(inputs, inputs.Proximal! - inputs.Behaviour, new() { Masks = [new NegativeDrift(0.1)], Correction = new Bypass() })
                .Kept!;
            Tensor drift = inputs.Behaviour - inputs.LogProbs.detach();
            for (int row = 0; row < 5; row++)
            {
                Tensor of = inputs.Sequence.eq(tensor((long)row)) & inputs.Mask.Gt(0);
                bool drops =
                    Numbers(inputs.Advantage)[row] < 0 && of.sum().item<long>() > 0 && Numbers(drift.masked_select(of)).Average() > 0.1;
                Assert.All(Numbers(kept.masked_select(of)), value => Assert.Equal(drops ? 0 : 1, value));
            }
        });

    [Fact]
    public void Every_loss_is_finite_at_log_ratios_of_100_and_for_masked_responses()
    {
        string[] masks = ["token-ratio 0.5 2", "sequence-mean-k3 1", "sequence-max-ratio 2", "second-moment 0.04", "negative-drift 0.1"];
        foreach (PolicyLoss loss in PolicyLossRegistry.All)
        {
            foreach (RatioForm ratio in Enum.GetValues<RatioForm>())
            {
                foreach (StalenessCorrection correction in CorrectionRegistry.BuiltIn.All)
                {
                    using DisposeScope scope = NewDisposeScope();
                    ObjectiveSettings settings = new()
                    {
                        PolicyLoss = loss,
                        Ratio = ratio,
                        Correction = correction,
                        Aggregation = LossAggregation.SequenceMean,
                        Masks = correction.NeedsProximal ? [.. masks.Select(mask => MaskRegistry.Parse(mask)!)] : [],
                    };
                    AssertFinite(Extreme(), settings, $"{loss.Name}, {ratio}, {correction.Name}");
                    AssertFinite(Extreme(), settings with { Masks = [] }, $"{loss.Name}, {ratio}, {correction.Name} without masks");
                }
            }
        }
    }

    [Theory]
    [InlineData("token-ratio 0.5 2")]
    [InlineData("sequence-mean-reverse-k3 0.1")]
    [InlineData("sequence-sum-ratio 2")]
    [InlineData("second-moment 0.04")]
    [InlineData("negative-drift 0.5")]
    public void An_entry_is_a_mask_of_its_name(string entry) => Assert.Equal(entry.Split(' ')[0], MaskRegistry.Parse(entry)!.Name);

    [Theory]
    [InlineData("")]
    [InlineData("token-ratio")]
    [InlineData("token-ratio 2 0.5")]
    [InlineData("token-ratio 0.5 2 3")]
    [InlineData("token-ratio x")]
    [InlineData("token-ratio -1 2")]
    [InlineData("token-ratio NaN")]
    [InlineData("second-moment 0 1")]
    [InlineData("token-k4 1")]
    public void Another_entry_is_none(string entry) => Assert.Null(MaskRegistry.Parse(entry));

    private static void AssertFinite(ObjectiveInputs inputs, ObjectiveSettings settings, string what)
    {
        Tensor loss = PolicyObjective.Compute(inputs, settings).Loss;
        loss.backward();
        Assert.True(float.IsFinite(loss.item<float>()), $"{what}: loss");
        Assert.True(inputs.LogProbs.grad!.data<float>().ToArray().All(float.IsFinite), $"{what}: gradient");
    }

    private static double[] Numbers(Tensor of) => of.detach().data<double>().ToArray();

    private static void Sample(Action<int> check)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            check(seed);
        }
    }

    /// <summary>Three policy sequences of 4 tokens, the last token of each masked; two expert ones of 3, the last one masked.</summary>
    private static ObjectiveInputs Inputs(int seed)
    {
        using var generator = new Generator((ulong)seed);
        long[] rows = [.. Enumerable.Range(0, Policy).Select(i => i / 4L), .. Enumerable.Range(0, 6).Select(i => 3 + (i / 3L))];
        double[] mask = [.. Enumerable.Range(0, Policy).Select(i => i % 4 == 3 ? 0.0 : 1), 1, 1, 1, 0, 0, 0];
        Tensor Random(int count) => randn([count], ScalarType.Float64, generator: generator);
        Tensor current = -Random(18).abs() - 0.1;
        return new()
        {
            LogProbs = current.clone().requires_grad_(),
            Proximal = current + Random(18) * 0.2,
            Behaviour = current + Random(18) * 0.3,
            Reference = current + Random(18) * 0.3,
            Entropy = Random(18).abs(),
            Mask = tensor(mask),
            Sequence = tensor(rows),
            Expert = tensor(new[] { false, false, false, true, true }),
            Advantage = Random(5),
            Rewarded = tensor(new[] { true, false, false, true, false }),
            Totals = new(12, 4),
        };
    }

    /// <summary>Float32 log-ratios of ±100 and 0, probabilities near 0 and 1, a masked response.</summary>
    private static ObjectiveInputs Extreme()
    {
        float[] current = [-100, -100, -1e-6f, -1e-6f, -50, -0.1f, -100, -100];
        float[] old = [-1e-6f, -100, -100, -1e-6f, -100, -100, -100, 0];
        return new()
        {
            LogProbs = tensor(current).requires_grad_(),
            Proximal = tensor(old),
            Behaviour = tensor([.. old.Reverse()]),
            Entropy = tensor(new float[] { 0, 1, 2, 3, 10, 0, 0, 0 }),
            Mask = tensor(new float[] { 1, 1, 1, 1, 1, 1, 0, 0 }),
            Sequence = tensor(new long[] { 0, 0, 1, 1, 2, 2, 3, 3 }),
            Expert = tensor(new[] { false, false, true, false }),
            Advantage = tensor(new float[] { 2.5f, -2.5f, 1, -1 }),
            Totals = new(6, 3),
        };
    }
}
