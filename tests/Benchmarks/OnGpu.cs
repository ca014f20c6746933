using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// A model on the first GPU, in bfloat16: decoding through the engine's public face, and whole updates of 8 questions with 8 rollouts each.
/// </summary>
internal static class OnGpu
{
    private const int PromptTokens = 100,
        ResponseTokens = 100;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(string path, int repeats)
    {
        var model = ModelSource.Open(path);
        Device gpu = device("cuda");
        using (Decoder decoder = model.Load(CPU, ScalarType.BFloat16))
        {
            foreach ((int sequences, int threads) in new[] { (64, 1), (64, 8), (256, 8) })
            {
                var settings = new EngineSettings
                {
                    Slots = sequences,
                    Context = 512,
                    Threads = threads,
                };
                await using var engine = new GenerationEngine(
                    decoder.Config,
                    Shape.Weights(decoder),
                    new NoText(decoder.Config.VocabSize),
                    settings,
                    "benchmark",
                    device: gpu,
                    dtype: ScalarType.BFloat16
                );
                yield return await Measurement.TakeAsync(
                    $"decode bfloat16, {sequences} sequences, {threads} threads draw",
                    "tok/s",
                    repeats,
                    async () =>
                    {
                        int[] made = await Task.WhenAll(
                            Enumerable
                                .Range(0, sequences / 8)
                                .Select(group =>
                                    Decoding.CountAsync(
                                        engine,
                                        new GenerationRequest(
                                            [.. Enumerable.Range(100 + group, PromptTokens)],
                                            [.. Enumerable.Range(0, 8).Select(seed => (ulong)seed)],
                                            new SamplerSettings { MaxTokens = ResponseTokens }
                                        )
                                    )
                                )
                        );
                        return made.Sum();
                    }
                );
            }
        }

        foreach (bool lean in new[] { false, true })
        {
            var settings = new LearnerSettings { MixedPrecision = true, GradientCheckpointing = lean };
            await using PolicyLearner learner = ModelLearner.Create(model, settings, device: gpu);
            yield return await Measurement.TakeAsync(
                $"train bfloat16{(lean ? ", gradient checkpointing" : "")}",
                "tok/s",
                repeats,
                async () =>
                {
                    TrainingBatch batch = Training.Batch(learner.Version, model.Config.VocabSize, 8, 8, PromptTokens, ResponseTokens);
                    await learner.UpdateAsync(batch, CancellationToken.None);
                    return batch.Sequences.Sum(sequence => sequence.Prompt.Length + sequence.Response.Length);
                }
            );
        }
    }
}
