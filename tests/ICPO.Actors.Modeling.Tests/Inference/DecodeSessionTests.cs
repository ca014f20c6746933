using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class DecodeSessionTests
{
    /// <summary>How a session computes: rows by hand, or tensors on the CPU or a GPU.</summary>
    public enum Kind
    {
        Rows,
        Tensors,
        Gpu,
    }

    internal static DecodeSession Create(Kind kind, DecoderConfig config, int slots, int context, ScalarType dtype) =>
        kind == Kind.Rows
            ? new CpuDecodeSession(config, slots, context, dtype)
            : new TensorDecodeSession(config, slots, context, kind == Kind.Gpu ? Gpu.Require() : CPU, dtype);

    [Theory]
    [InlineData(Kind.Rows, ScalarType.Float32, 1e-4)]
    [InlineData(Kind.Tensors, ScalarType.Float32, 1e-4)]
    [InlineData(Kind.Gpu, ScalarType.Float32, 1e-4)]
    [InlineData(Kind.Rows, ScalarType.BFloat16, 0.1)]
    [InlineData(Kind.Tensors, ScalarType.BFloat16, 0.1)]
    [InlineData(Kind.Gpu, ScalarType.BFloat16, 0.1)]
    public void Prompts_and_steps_of_any_lengths_give_the_logits_of_a_full_forward_pass(Kind kind, ScalarType dtype, double tolerance)
    {
        foreach (DecoderConfig config in Models.Shapes)
        {
            using Decoder decoder = Models.Random(config, 5);
            using DecodeSession session = Create(kind, config, 5, 400, dtype);
            using IDisposable gradients = no_grad();
            using DisposeScope scope = NewDisposeScope();
            session.Weights.Load(Models.Weights(decoder), "decoder");
            var random = new Random(3);
            int[][] sequences =
            [
                .. new[] { 9, 310, 1, 40 }.Select(length =>
                    Enumerable.Range(0, length + 6).Select(_ => random.Next(config.VocabSize)).ToArray()
                ),
            ];
            Tensor[] expected =
            [
                .. sequences.Select(sequence =>
                    nn.functional.log_softmax(decoder.Forward(tensor(sequence, ScalarType.Int64).unsqueeze(0))[0], -1)
                ),
            ];

            int[] lengths = [.. sequences.Select(sequence => sequence.Length - 6)];
            Row[] prompts = sequences
                .SelectMany((sequence, slot) => sequence.Take(lengths[slot]).Select((token, position) => new Row(token, slot, position)))
                .ToArray();
            Compare(
                session.Forward(prompts, [.. lengths.Select((_, slot) => lengths.Take(slot + 1).Sum() - 1)]),
                [.. lengths.Select(length => length - 1)]
            );
            for (int step = 0; step < 6; step++)
            {
                Row[] next = [.. sequences.Select((sequence, slot) => new Row(sequence[lengths[slot] + step], slot, lengths[slot] + step))];
                Compare(session.Forward(next, [0, 1, 2, 3]), [.. lengths.Select(length => length + step)]);
            }

            void Compare(ReadOnlySpan<float> logits, int[] positions)
            {
                Tensor actual = nn.functional.log_softmax(tensor(logits.ToArray()).view(-1, config.VocabSize), -1);
                for (int sequence = 0; sequence < positions.Length; sequence++)
                {
                    Fixtures.Close(
                        expected[sequence][positions[sequence]].to(ScalarType.Float64).data<double>().ToArray(),
                        actual[sequence].to(ScalarType.Float64).data<double>().ToArray(),
                        tolerance,
                        $"{session.GetType().Name}, sequence {sequence}"
                    );
                }
            }
        }
    }

    [Theory]
    [InlineData(Kind.Rows)]
    [InlineData(Kind.Tensors)]
    [InlineData(Kind.Gpu)]
    public void Several_rows_may_go_on_where_a_slot_ends(Kind kind)
    {
        foreach (DecoderConfig config in Models.Shapes)
        {
            using Decoder decoder = Models.Random(config, 6);
            using DecodeSession whole = Create(kind, config, 3, 32, ScalarType.Float32),
                parts = Create(kind, config, 3, 32, ScalarType.Float32);
            using IDisposable gradients = no_grad();
            whole.Weights.Load(Models.Weights(decoder), "decoder");
            parts.Weights.Load(Models.Weights(decoder), "decoder");
            Row[] first = Rows(0, 0, 9),
                second = Rows(2, 0, 4);
            double[] expected = [.. whole.Forward([.. first, .. second], [8, 12]).ToArray().Select(l => (double)l)];
            parts.Forward([.. first[..5], .. second[..1]], [0]);
            Fixtures.Close(
                expected,
                [.. parts.Forward([.. first[5..], .. second[1..]], [3, 6]).ToArray().Select(l => (double)l)],
                1e-4,
                $"{kind} {config.Family.Name}"
            );

            Row[] Rows(int slot, int from, int to) =>
                [
                    .. Enumerable
                        .Range(from, to - from)
                        .Select(position => new Row((7 * position + slot) % config.VocabSize, slot, position)),
                ];
        }
    }

    [Theory]
    [InlineData(Kind.Rows)]
    [InlineData(Kind.Tensors)]
    [InlineData(Kind.Gpu)]
    public void A_copied_prefix_goes_on_as_its_source_does(Kind kind)
    {
        DecoderConfig config = Models.Shapes[0];
        using Decoder decoder = Models.Random(config, 8);
        using DecodeSession session = Create(kind, config, 3, 32, ScalarType.Float32);
        using IDisposable gradients = no_grad();
        session.Weights.Load(Models.Weights(decoder), "decoder");
        session.Forward([new(3, 0, 0), new(4, 0, 1), new(5, 0, 2)], [2]);
        session.CopyPrefix(0, 2, 3);
        float[] logits = session.Forward([new(7, 0, 3), new(7, 2, 3)], [0, 1]).ToArray();
        Assert.Equal(logits[..config.VocabSize], logits[config.VocabSize..]);
    }

    [Fact]
    public void Weights_of_another_model_are_refused_by_name_and_nothing_changes()
    {
        DecoderConfig config = Models.Shapes[0];
        using Decoder decoder = Models.Random(config, 8),
            other = Models.Random(config with { HiddenSize = 2 * config.HiddenSize }, 8);
        using var session = new CpuDecodeSession(config, 2, 32, ScalarType.Float32);
        session.Weights.Load(Models.Weights(decoder), "decoder");
        float[] before = session.Forward([new(3, 0, 0)], [0]).ToArray();
        Dictionary<string, Tensor> missing = Models.Weights(decoder);
        missing.Remove(missing.Keys.Last());
        Dictionary<string, Tensor> unknown = Models.Weights(decoder);
        unknown.Add("model.layers.99.mlp.up_proj.weight", unknown.Values.First());
        foreach (Dictionary<string, Tensor>? bad in new[] { missing, unknown, Models.Weights(other) })
        {
            Assert.Contains(
                "bad.safetensors",
                Assert.Throws<InvalidDataException>(() => session.Weights.Load(bad, "bad.safetensors")).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(before, session.Forward([new(3, 0, 0)], [0]).ToArray());
    }
}
