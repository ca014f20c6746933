using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>The parts that compute in bfloat16, beside float64.</summary>
public sealed class MixedPrecisionPartsTests
{
    [Fact]
    public void Scores_of_chunks_are_those_of_the_plain_computation_on_the_same_bfloat16_logits()
    {
        foreach ((int chunk, double temperature, int vocabulary) in new[] { (100, 1.0, 131), (7, 0.7, 4_999), (1, 1.3, 64) })
        {
            using DisposeScope scope = NewDisposeScope();
            using var generator = new Generator(3);
            using Parameter weight = nn.Parameter(randn([vocabulary, 24], generator: generator));
            using WorkingWeight head = new(new WorkingWeight.Part(weight));
            head.Refresh();
            Tensor hidden = randn([40, 24], generator: generator).to(ScalarType.BFloat16).to(ScalarType.Float32).requires_grad_();
            Tensor targets = randint(0, vocabulary, [40], ScalarType.Int64, generator: generator);
            Tensor slopes = randn([40], generator: generator),
                more = randn([40], generator: generator);
            (Tensor logProbs, Tensor entropy) = MixedScores.Apply(hidden, head, targets, chunk, temperature);
            (logProbs * slopes + entropy * more).sum().backward();

            Tensor plain = nn
                .functional.linear(hidden.detach().to(ScalarType.BFloat16), head.Value)
                .to(ScalarType.Float64)
                .requires_grad_();
            (Tensor expected, Tensor spread) = LogProbabilities.FromLogits(plain, targets, temperature, entropyGradient: true);
            (expected * slopes.to(ScalarType.Float64) + spread * more.to(ScalarType.Float64)).sum().backward();
            Fixtures.Close(Doubles(expected), Doubles(logProbs), 1e-4, "log-probabilities");
            Fixtures.Close(Doubles(spread), Doubles(entropy), 1e-4, "entropy");
            Near(plain.grad!.mm(head.Value.to(ScalarType.Float64)), hidden.grad!);
            Near(plain.grad!.t().mm(hidden.detach().to(ScalarType.Float64)), weight.grad!);
        }
    }

    [Fact]
    public void Attention_in_mixed_precision_is_that_of_float64()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor[] wide =
        [
            .. new long[] { 6, 2, 2 }.Select(heads =>
                randn([3, heads, 19, 8], generator: generator).to(ScalarType.BFloat16).to(ScalarType.Float64)
            ),
        ];
        Tensor[] exact = [.. wide.Select(x => x.clone().requires_grad_())],
            half = [.. wide.Select(x => x.to(ScalarType.BFloat16).requires_grad_())];
        Tensor slopes = randn([3, 6, 19, 8], generator: generator).to(ScalarType.BFloat16);
        Tensor expected = nn.functional.scaled_dot_product_attention(
            exact[0],
            exact[1].repeat_interleave(3, 1),
            exact[2].repeat_interleave(3, 1),
            is_casual: true
        );
        Tensor mixed = MixedAttention.Apply(half[0], half[1], half[2]);
        (expected * slopes.to(ScalarType.Float64)).sum().backward();
        mixed.backward([slopes]);
        Near(expected, mixed);
        Assert.All(exact.Zip(half), pair => Near(pair.First.grad!, pair.Second.grad!));
    }

    /// <summary>Off by no more than bfloat16 rounds.</summary>
    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange(
            (actual.detach().to(ScalarType.Float64) - expected.detach()).norm().item<double>() / expected.detach().norm().item<double>(),
            0,
            0.01
        );

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
