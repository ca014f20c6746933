using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// A given model in both dtypes, with the speed of matrix products for comparison: decoding of 64 sequences by one engine with two threads
/// and
/// by two engines with one thread each, and whole updates of 8 questions with 9 rollouts of 15 + 40 tokens with one and two threads.
/// </summary>
internal static class RealModel
{
    private const int Sequences = 64;
    private static readonly BatchSize Size = new(Groups: 8, Siblings: 9, PromptTokens: 15, ResponseTokens: 40);

    // float32: the speed of transformers 5.23 with PyTorch 2.13 on SmolLM2-135M with two threads on a machine with this speed of matrix
    // products in GFLOP/s. bfloat16: higher targets than that.
    private static readonly Dictionary<ScalarType, (double Product, double Decode, double Train)> Targets = new()
    {
        [ScalarType.Float32] = (121, 103, 81),
        [ScalarType.BFloat16] = (354, 300, 230),
    };

    public static async IAsyncEnumerable<Measurement> MeasureAsync(string path, string[] parts, int repeats)
    {
        bool Wanted(string part) => parts.Length == 0 || parts.Contains(part);
        foreach ((ScalarType dtype, (double reference, double decode, double train)) in Targets)
        {
            if (!Wanted(Name(dtype)))
            {
                continue;
            }

            Measurement one = await ProductAsync(dtype, 1, repeats),
                two = await ProductAsync(dtype, 2, repeats);
            yield return one;
            yield return two;
            double scale = two.Median / reference;
            using Decoder decoder = Load(path);
            foreach (int engines in Wanted("decode") ? new[] { 1, 2 } : [])
            {
                yield return (await DecodeAsync(decoder, dtype, engines, repeats)) with
                {
                    Target = decode * scale,
                    IsFixed = true,
                };
            }

            foreach (int threads in Wanted("train") ? new[] { 1, 2 } : [])
            {
                LearnerSettings settings = Training.Settings with { Threads = threads, MixedPrecision = dtype == ScalarType.BFloat16 };
                await foreach (Measurement measurement in TrainAsync(path, decoder.Config, settings, dtype, repeats))
                {
                    yield return threads == 2 && measurement.Unit == "tok/s"
                        ? measurement with
                        {
                            Target = train * scale,
                            IsFixed = true,
                        }
                        : measurement;
                }
            }
        }
    }

    private static string Name(ScalarType dtype) => dtype == ScalarType.Float32 ? "float32" : "bfloat16";

    private static Decoder Load(string path) => ModelSource.Open(path).Load(CPU, ScalarType.Float32);

    private static Task<Measurement> ProductAsync(ScalarType dtype, int threads, int repeats)
    {
        set_num_threads(threads);
        return Measurement.TakeAsync($"{Name(dtype)} product 1024³, {threads} threads", "GFLOP/s", repeats, () =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable gradients = no_grad();
            Tensor left = randn(1024, 1024).to(dtype),
                right = randn(1024, 1024).to(dtype);
            const int Times = 60;
            for (int time = 0; time < Times; time++)
            {
                left.mm(right).Dispose();
            }

            return Task.FromResult(Times * 2.0 * 1024 * 1024 * 1024 / 1e9);
        });
    }

    private static async Task<Measurement> DecodeAsync(Decoder decoder, ScalarType dtype, int count, int repeats)
    {
        var settings = new EngineSettings
        {
            Slots = Sequences / count,
            Context = 256,
            Threads = 2 / count,
        };
        List<GenerationEngine> engines = [];
        try
        {
            for (int index = 0; index < count; index++)
            {
                engines.Add(
                    new GenerationEngine(
                        decoder.Config,
                        Shape.Weights(decoder),
                        new NoText(decoder.Config.VocabSize),
                        settings,
                        new EngineOptions($"benchmark-{index}") { Dtype = dtype }
                    )
                );
            }

            return await Measurement.TakeAsync(
                $"decode {Name(dtype)}, {Sequences} sequences, {count} × {settings.Threads} threads",
                "tok/s",
                repeats,
                async () =>
                {
                    int[] made = await Task.WhenAll(
                        engines.SelectMany(
                            (engine, index) =>
                                Enumerable
                                    .Range(0, Sequences / 8 / count)
                                    .Select(group =>
                                        Decoding.CountAsync(
                                            engine,
                                            new GenerationRequest(
                                                [.. Enumerable.Range(100 * (index + 1) + group, Size.PromptTokens)],
                                                [.. Enumerable.Range(0, 8).Select(seed => (ulong)seed)],
                                                new SamplerSettings { MaxTokens = Size.ResponseTokens }
                                            )
                                        )
                                    )
                        )
                    );
                    return made.Sum();
                }
            );
        }
        finally
        {
            foreach (GenerationEngine engine in engines)
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static async IAsyncEnumerable<Measurement> TrainAsync(
        string path,
        DecoderConfig config,
        LearnerSettings settings,
        ScalarType dtype,
        int repeats
    )
    {
        await using PolicyLearner learner = new(() => Load(path), settings);

        // Resets the peak memory of the process.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        ImmutableSortedDictionary<string, double>? metrics = null;
        Measurement all = await Measurement.TakeAsync($"train {Name(dtype)}, {settings.Threads} threads", "tok/s", repeats, async () =>
        {
            TrainingBatch batch = Training.Batch(learner.Version, config.VocabSize, Size);
            metrics = (await learner.UpdateAsync(batch, CancellationToken.None)).Metrics;
            return batch.Sequences.Sum(sequence => sequence.Prompt.Length + sequence.Response.Length);
        });
        yield return all;
        double share = (double)Size.ResponseTokens / Size.Length;
        yield return all with
        {
            Name = all.Name + ", response tokens only",
            Unit = "resp/s",
            Values = [.. all.Values.Select(value => value * share)],
        };
        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        var formula = TrainingMemory.Estimate(
            config,
            settings,
            (long)Size.Sequences * (Size.Length - 1),
            (long)Size.Sequences * Size.ResponseTokens,
            Size.Length
        );
        yield return new Measurement(
            $"{all.Name}, peak memory (formula {formula.Total >> 20} MiB)",
            "MiB",
            [long.Parse(string.Concat(peak.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) / 1024.0]
        );
        yield return new Measurement(all.Name + ", optimizer of the last update", "s", [metrics!["seconds/optimizer"]]);
    }
}
