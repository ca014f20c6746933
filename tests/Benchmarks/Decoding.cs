using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Tokens per second of the engine: one prompt with many responses, sampled at temperature 1 with log-probabilities.
/// </summary>
internal static class Decoding
{
    private const int PromptTokens = 16;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (
            (Shape shape, ScalarType dtype) in new[]
            {
                (Shape.Small, ScalarType.Float32),
                (Shape.Medium, ScalarType.Float32),
                (Shape.Medium, ScalarType.BFloat16),
            }
        )
        {
            foreach (int sequences in new[] { 1, 16, 64, 256 })
            {
                yield return await MeasureAsync(shape, dtype, sequences, repeats);
            }

            if (dtype == ScalarType.Float32)
            {
                yield return await MeasureGroupsAsync(shape, repeats);
            }
        }
    }

    private static async Task<Measurement> MeasureAsync(Shape shape, ScalarType dtype, int sequences, int repeats)
    {
        using Decoder decoder = new Decoder(shape.Config).Initialize(1);
        var settings = new EngineSettings { Slots = sequences, Context = 256 };
        await using var engine = new GenerationEngine(
            shape.Config,
            Shape.Weights(decoder),
            new NoText(shape.Config.VocabSize),
            settings,
            new EngineOptions("benchmark") { Dtype = dtype }
        );
        int tokens = shape == Shape.Small ? 128 : 64;
        double? target = dtype == ScalarType.Float32 && shape.Decode.TryGetValue(sequences, out double asked) ? asked : null;
        string name = $"decode {shape.Name} {(dtype == ScalarType.Float32 ? "float32" : "bfloat16")}, {sequences} sequences";
        var request = new GenerationRequest(
            [.. Enumerable.Range(1, PromptTokens)],
            [.. Enumerable.Range(0, sequences).Select(seed => (ulong)seed)],
            new SamplerSettings { MaxTokens = tokens }
        );
        return await Measurement.TakeAsync(
            name,
            "tok/s",
            repeats,
            async () =>
            {
                int made = 0;
                for (int repetition = 0; repetition < Repetitions(shape, sequences * tokens); repetition++)
                {
                    made += await CountAsync(engine, request);
                }

                return made;
            },
            target
        );
    }

    /// <summary>Requests per value: the small model responds to one within 0.1 s, which is too short to be measured.</summary>
    private static int Repetitions(Shape shape, int tokens) => shape == Shape.Small ? Math.Max(1, Math.Min(32, 16_384 / tokens)) : 1;

    /// <summary>As in a run: groups of 8 with different prompts and lengths, more than there are slots.</summary>
    private static async Task<Measurement> MeasureGroupsAsync(Shape shape, int repeats)
    {
        using Decoder decoder = new Decoder(shape.Config).Initialize(1);
        await using var engine = new GenerationEngine(
            shape.Config,
            Shape.Weights(decoder),
            new NoText(shape.Config.VocabSize),
            new EngineSettings { Slots = 64, Context = 256 },
            new EngineOptions("benchmark")
        );
        return await Measurement.TakeAsync($"decode {shape.Name} float32, 24 groups of 8, 64 slots", "tok/s", repeats, async () =>
        {
            int[] made = await Task.WhenAll(
                Enumerable
                    .Range(0, 24)
                    .Select(group =>
                        CountAsync(
                            engine,
                            new GenerationRequest(
                                [.. Enumerable.Range(group, 20 + 3 * group)],
                                [.. Enumerable.Range(0, 8).Select(seed => (ulong)seed)],
                                new SamplerSettings { MaxTokens = 12 + group }
                            )
                        )
                    )
            );
            return made.Sum();
        });
    }

    /// <summary>Waits for a request and returns the number of generated tokens.</summary>
    public static async Task<int> CountAsync(GenerationEngine engine, GenerationRequest request)
    {
        int made = 0;
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, CancellationToken.None))
        {
            made += sequence.Tokens.Length;
        }

        return made;
    }
}
