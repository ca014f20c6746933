using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// A model on the first GPU in bfloat16: decoding with the engine, and whole updates of 8 questions with 8 rollouts each.
/// </summary>
internal static class OnGpu
{
    private const int PromptTokens = 100;
    private const int ResponseTokens = 100;

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
                    new EngineOptions("benchmark") { Device = gpu, Dtype = ScalarType.BFloat16 }
                );
                yield return await Measurement.TakeAsync(
                    $"decode bfloat16, {sequences} sequences, {threads} sampling threads",
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

        foreach (bool checkpointing in new[] { false, true })
        {
            LearnerSettings settings = Training.Settings with { MixedPrecision = true, GradientCheckpointing = checkpointing };
            await using PolicyLearner learner = ModelLearner.Create(model, settings, device: gpu);
            yield return await Measurement.TakeAsync(
                $"train bfloat16{(checkpointing ? ", gradient checkpointing" : "")}",
                "tok/s",
                repeats,
                async () =>
                {
                    TrainingBatch batch = Training.Batch(
                        learner.Version,
                        model.Config.VocabSize,
                        new BatchSize(8, 8, PromptTokens, ResponseTokens)
                    );
                    await learner.UpdateAsync(batch, CancellationToken.None);
                    return batch.Sequences.Sum(sequence => sequence.Prompt.Length + sequence.Response.Length);
                }
            );
        }
    }
}
