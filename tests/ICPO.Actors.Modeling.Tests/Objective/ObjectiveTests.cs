using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>What the objective must do whatever the numbers: random batches in float64.</summary>
public sealed class ObjectiveTests
{
    public ObjectiveTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Staleness_corrections_never_meet_expert_tokens() =>
        Sample(seed =>
        {
            double[] plain = Gradient(seed, new() { Correction = new NoCorrection() });
            foreach (StalenessCorrection correction in CorrectionRegistry.BuiltIn.All)
            {
                double[] corrected = Gradient(seed, new() { Correction = correction });
                Fixtures.Close(Of(plain, expert: true), Of(corrected, expert: true), 0, $"expert gradient under {correction}");
            }
        });

    [Fact]
    public void Expert_terms_are_not_clipped_whatever_the_sign_of_the_advantage() =>
        Sample(seed =>
        {
            double[] narrow = Gradient(
                seed,
                new()
                {
                    ClipLow = 1e-6,
                    ClipHigh = 1e-6,
                    DualClip = 1.000001,
                }
            );
            double[] wide = Gradient(
                seed,
                new()
                {
                    ClipLow = double.PositiveInfinity,
                    ClipHigh = double.PositiveInfinity,
                    DualClip = null,
                }
            );
            Fixtures.Close(Of(wide, expert: true), Of(narrow, expert: true), 0, "expert gradient");
            Assert.All(Of(narrow, expert: true), g => Assert.NotEqual(0, g));
        });

    [Fact]
    public void Bypass_is_plain_clipping_with_the_behaviour_policy_as_proximal() =>
        Sample(seed =>
            Fixtures.Close(
                Gradient(seed, new() { Correction = new NoCorrection() }, i => i with { Proximal = i.Behaviour }),
                Gradient(seed, new() { Correction = new Bypass() }),
                0,
                "gradient"
            )
        );

    [Fact]
    public void Without_a_proximal_policy_given_the_policy_itself_is_it() =>
        Sample(seed =>
            Fixtures.Close(
                Gradient(seed, new(), i => i with { Proximal = i.LogProbs.detach() }),
                Gradient(seed, new(), i => i with { Proximal = null }),
                0,
                "gradient"
            )
        );

    [Fact]
    public void Log_probability_shape_with_advantage_one_is_cross_entropy() =>
        Sample(seed =>
        {
            double[] gradient = Gradient(seed, new() { ExpertShape = ExpertShape.LogProbability }, i =>
                i with
                {
                    Advantage = ones_like(i.Advantage),
                    Expert = ones_like(i.Expert),
                }
            );
            Assert.All(gradient, g => Assert.Equal(-1.0 / gradient.Length, g, 1e-15));
        });

    [Fact]
    public void The_formal_ratio_equals_the_shaped_term_of_a_probability_divided_by_the_behaviour_policy() =>
        Sample(seed =>
        {
            // f(π/μ) with constant λ has the gradient weight λr/(r+λ)².
            Tensor logProbs = default!,
                behaviour = default!;
            double[] gradient = Gradient(seed, new() { ExpertDenominator = ExpertDenominator.Behaviour, Lambda = 0.1 }, i =>
            {
                (logProbs, behaviour) = (i.LogProbs.detach(), i.Behaviour);
                return i with { Advantage = ones_like(i.Advantage), Expert = ones_like(i.Expert) };
            });
            Tensor r = (logProbs - behaviour).exp();
            Fixtures.Close((r * 0.1 / (r + 0.1).square() / -gradient.Length).data<double>().ToArray(), gradient, 1e-14, "gradient");
        });

    [Fact]
    public void Sums_of_parts_make_the_metrics_of_the_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveStatistics one = PolicyObjective.Compute(Inputs(1), new()).Statistics,
            two = PolicyObjective.Compute(Inputs(2), new()).Statistics;
        Dictionary<string, double> a = one.Metrics().ToDictionary(),
            b = two.Metrics().ToDictionary(),
            both = (one + two).Metrics().ToDictionary();
        double weighted = (a["policy/k3"] * a["policy/tokens"] + b["policy/k3"] * b["policy/tokens"]) / both["policy/tokens"];
        Assert.Equal(weighted, both["policy/k3"], 1e-12);
        Assert.Equal(a["expert/loss"] + b["expert/loss"], both["expert/loss"], 1e-12);
        Assert.Empty(ObjectiveStatistics.Empty.Metrics());
    }

    [Fact]
    public void A_setting_whose_input_is_missing_is_an_error_that_names_it()
    {
        using DisposeScope scope = NewDisposeScope();
        ArgumentException e = Assert.Throws<ArgumentException>(() => PolicyObjective.Compute(Inputs(1), new() { KlCoefficient = 1 }));
        Assert.Contains("Reference", e.Message);
    }

    [Fact]
    public void A_registered_correction_weighs_the_policy_tokens_alone()
    {
        CorrectionRegistry registry = CorrectionRegistry.BuiltIn.With(new Halved());
        Sample(seed =>
        {
            double[] plain = Gradient(seed, new() { Correction = registry.Get("none") });
            double[] halved = Gradient(seed, new() { Correction = registry.Get("halved") });
            Fixtures.Close([.. Of(plain, expert: false).Select(g => g / 2)], Of(halved, expert: false), 1e-15, "policy gradient");
            Fixtures.Close(Of(plain, expert: true), Of(halved, expert: true), 0, "expert gradient");
        });
        Assert.Throws<ArgumentException>(() => registry.With(new Halved()));
        Assert.Throws<ArgumentException>(() => CorrectionRegistry.BuiltIn.Get("halved"));
    }

    [Fact]
    public void The_names_of_the_corrections_are_those_of_configuration_files() =>
        Assert.Equal(
            ["none", "decoupled", "tis-token", "tis-sequence", "tis-geometric", "ice-pop", "sequence-mask", "dppo-tv", "bypass"],
            CorrectionRegistry.BuiltIn.Names
        );

    [Fact]
    public void A_correction_that_replaces_the_clip_leaves_the_ratio_unclipped() =>
        Sample(seed =>
            Fixtures.Close(
                Gradient(
                    seed,
                    new()
                    {
                        Correction = new NoCorrection(),
                        ClipLow = double.PositiveInfinity,
                        ClipHigh = double.PositiveInfinity,
                        DualClip = null,
                    },
                    i => i with { Proximal = i.Behaviour }
                ),
                Gradient(seed, new() { Correction = new DppoTv(), TvThreshold = double.PositiveInfinity }),
                0,
                "gradient"
            )
        );

    private sealed record Halved : StalenessCorrection
    {
        public override string Name => "halved";

        public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings) => new(full_like(inputs.LogRho, 0.5));
    }

    private static void Sample(Action<int> check)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            check(seed);
        }
    }

    private static double[] Gradient(int seed, ObjectiveSettings settings, Func<ObjectiveInputs, ObjectiveInputs>? change = null)
    {
        ObjectiveInputs inputs = Inputs(seed);
        inputs = change?.Invoke(inputs) ?? inputs;
        PolicyObjective.Compute(inputs, settings).Loss.backward();
        return inputs.LogProbs.grad!.data<double>().ToArray();
    }

    // Three policy sequences of 5 tokens, then two expert ones of 4.
    private static double[] Of(double[] values, bool expert) => expert ? values[15..] : values[..15];

    private static ObjectiveInputs Inputs(int seed)
    {
        using var generator = new Generator((ulong)seed);
        long[] rows = [.. Enumerable.Range(0, 15).Select(i => i / 5L), .. Enumerable.Range(0, 8).Select(i => 3 + i / 4L)];
        Tensor Random(int count) => randn([count], ScalarType.Float64, generator: generator);
        Tensor current = -Random(23).abs() - 0.01;
        return new()
        {
            LogProbs = current.clone().requires_grad_(),
            Proximal = current + Random(23) * 0.2,
            Behaviour = current + Random(23) * 0.4,
            Mask = ones_like(current),
            Sequence = tensor(rows),
            Expert = tensor(new[] { false, false, false, true, true }),
            Advantage = Random(5),
            Versions = zeros_like(current),
            CurrentVersion = 2,
            Totals = new(23, 5),
        };
    }
}
