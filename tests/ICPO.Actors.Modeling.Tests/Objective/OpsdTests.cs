using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>The distillation loss <c>opsd</c> against plain loops in float64.</summary>
public sealed class OpsdTests
{
    private const int Tokens = 12;

    public OpsdTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Loss_and_gradient_equal_plain_loops() =>
        Gen.Select(Gen.ULong[0, 1 << 30], Gen.Double[0.01, 0.5], Gen.Double[0, 1])
            .Sample(
                (seed, drop, penalty) =>
                {
                    using DisposeScope scope = NewDisposeScope();
                    ObjectiveInputs inputs = Inputs(seed);
                    PolicyObjective.Compute(inputs, Settings(drop, penalty)).Loss.backward();
                    (double[] policy, double[] teacher) = (Numbers(inputs.LogProbs), Numbers(inputs.Teacher!));
                    (double[] mu, double[] mask) = (Numbers(inputs.Behaviour), Numbers(inputs.Mask));
                    double expected = 0;
                    double[] gradient = new double[Tokens];
                    for (int t = 0; t < Tokens; t++)
                    {
                        double u = Math.Exp(policy[t] - mu[t]);
                        double keeps = Math.Exp(policy[t]) - Math.Exp(mu[t]) >= -drop ? 1 : 0;
                        double gain = keeps * (teacher[t] - policy[t]);
                        expected += mask[t] / mask.Sum() * ((-gain * u) + (penalty * Math.Pow(policy[t] - mu[t], 2)));
                        gradient[t] = mask[t] / mask.Sum() * ((-gain * u) + (2 * penalty * (policy[t] - mu[t])));
                    }

                    double loss = PolicyObjective.Compute(inputs, Settings(drop, penalty)).Loss.item<double>();
                    Assert.Equal(expected, loss, 1e-12);
                    Fixtures.Close(gradient, inputs.LogProbs.grad!.data<double>().ToArray(), 1e-12, "gradient");
                },
                iter: 50
            );

    [Fact]
    public void Rewards_and_advantages_do_not_matter()
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveInputs inputs = Inputs(5);
        double loss = PolicyObjective.Compute(inputs, Settings(0.2, 1e-3)).Loss.item<double>();
        ObjectiveInputs other = inputs with { Advantage = inputs.Advantage.neg(), Rewarded = tensor(new[] { true, true, true }) };
        Assert.Equal(loss, PolicyObjective.Compute(other, Settings(0.2, 1e-3)).Loss.item<double>());
        Assert.False(new Opsd().UsesAdvantage);
    }

    [Fact]
    public void A_teacher_that_sees_nothing_more_leaves_the_penalty_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveInputs inputs = Inputs(9);
        ObjectiveInputs same = inputs with { Teacher = inputs.LogProbs.detach(), Behaviour = inputs.LogProbs.detach() };
        Assert.Equal(0, PolicyObjective.Compute(same, Settings(0.2, 1)).Loss.item<double>());
        Assert.Equal(0, PolicyObjective.Compute(same with { Teacher = null }, Settings(0.2, 1)).Loss.item<double>());
    }

    /// <summary>k3 of d = log π_teacher − log π has the gradient 1 − exp(d).</summary>
    [Fact]
    public void A_penalty_against_the_teacher_adds_its_gradient_to_any_loss()
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveInputs inputs = Inputs(3);
        var plain = new ObjectiveSettings { Correction = new NoCorrection(), KlLimit = double.PositiveInfinity };
        double[] before = Gradient(plain);
        double[] after = Gradient(plain with { TeacherCoefficient = 0.3 });
        (double[] policy, double[] teacher) = (Numbers(inputs.LogProbs), Numbers(inputs.Teacher!));
        double[] expected =
        [
            .. Enumerable
                .Range(0, Tokens)
                .Select(t => before[t] + (t % 4 == 3 ? 0 : 0.3 * (1 - Math.Exp(teacher[t] - policy[t])) / inputs.Totals.Tokens)),
        ];
        Fixtures.Close(expected, after, 1e-12, "gradient");

        double[] Gradient(ObjectiveSettings settings)
        {
            Tensor at = inputs.LogProbs.detach().clone().requires_grad_();
            PolicyObjective.Compute(inputs with { LogProbs = at }, settings).Loss.backward();
            return at.grad!.data<double>().ToArray();
        }
    }

    private static ObjectiveSettings Settings(double drop, double penalty) =>
        new()
        {
            PolicyLoss = new Opsd(),
            Correction = new Bypass(),
            TeacherMaxDrop = drop,
            TeacherRatioPenalty = penalty,
        };

    /// <summary>Three policy sequences of 4 tokens, the last token of each masked.</summary>
    private static ObjectiveInputs Inputs(ulong seed)
    {
        using var generator = new Generator(seed);
        Tensor Random(int count) => randn([count], ScalarType.Float64, generator: generator);
        Tensor current = -Random(Tokens).abs() - 0.1;
        return new()
        {
            LogProbs = current.clone().requires_grad_(),
            Behaviour = current + (Random(Tokens) * 0.5),
            Teacher = current + Random(Tokens),
            Mask = tensor(Enumerable.Range(0, Tokens).Select(i => i % 4 == 3 ? 0.0 : 1).ToArray()),
            Sequence = tensor(Enumerable.Range(0, Tokens).Select(i => i / 4L).ToArray()),
            Expert = tensor(new[] { false, false, false }),
            Advantage = Random(3),
            Rewarded = tensor(new[] { true, false, false }),
            Totals = new(9, 3),
        };
    }

    private static double[] Numbers(Tensor tensor) => tensor.detach().data<double>().ToArray();
}
