using System.Collections.Immutable;
using System.Diagnostics;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Pretraining;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Tasks.SymbolRules;
using ICPO.Tokenizers;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>Progress of the pretraining.</summary>
/// <param name="Tokens">Training tokens so far.</param>
/// <param name="TotalTokens">Training tokens in total.</param>
/// <param name="Loss">Loss of the last batch in nats per answer token; null during the measurement.</param>
/// <param name="TokensPerSecond">Mean since the start.</param>
/// <param name="Message">A description of the current step.</param>
public sealed record BaseModelProgress(long Tokens, long TotalTokens, double? Loss, double TokensPerSecond, string Message);

/// <summary>
/// Pretrains the bundled base model: a small decoder that solves the built-in task from examples, but zero-shot follows confident
/// misconceptions of the hard symbols. One thread, less than ten minutes; reproducible from the seed on the same machine.
/// </summary>
public static class BaseModelRecipe
{
    /// <summary>The first phase trains skill and misconceptions; the second, at a lower rate, confidence in the latter.</summary>
    public static ImmutableArray<BaseModelPhase> Phases { get; } = [new(0.95, 4_300_000, 3e-3), new(0.99, 800_000, 1.5e-3)];

    /// <summary>Questions per recorded accuracy: ten of each held-out chain.</summary>
    public const int Questions = 440;

    /// <summary>Samples per question, enough for pass@8.</summary>
    public const int Samples = 8;

    private const ulong MeasureSeed = 0x5EED_0003;

    /// <summary>The architecture, 0.70 million parameters.</summary>
    public static DecoderConfig Config(int vocabulary) =>
        new()
        {
            VocabSize = vocabulary,
            HiddenSize = 128,
            IntermediateSize = 320,
            NumHiddenLayers = 4,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            HeadDim = 32,
            MaxPositionEmbeddings = 256,
            TieWordEmbeddings = true,
        };

    /// <summary>Trains and measures the model, and writes it to <paramref name="directory"/>, which is replaced at the end.</summary>
    /// <param name="directory">Becomes a Hugging Face directory with an additional <c>recipe.json</c>.</param>
    /// <param name="seed">Seed of weights and data.</param>
    /// <param name="progress">Called periodically on the training thread.</param>
    public static async Task<BaseModelRecord> RunAsync(
        string directory,
        ulong seed,
        Action<BaseModelProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var tokenizer = CharacterTokenizer.Create(SymbolRulesAlphabet.Characters);
        long started = Stopwatch.GetTimestamp();
        (Decoder decoder, long tokens, double loss) = await Task
            .Factory.StartNew(
                () => Train(tokenizer, seed, progress, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .ConfigureAwait(false);
        using (decoder)
        {
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            progress?.Invoke(new(tokens, tokens, null, tokens / seconds, "Measuring the base model."));
            var record = new BaseModelRecord
            {
                Task = SymbolRulesTask.TaskName,
                Seed = seed,
                Phases = Phases,
                Tokens = tokens,
                Loss = Math.Round(loss, 4),
                Seconds = Math.Round(seconds, 1),
                Questions = Questions,
                Samples = Samples,
                Accuracies = await MeasureAsync(decoder, tokenizer, Questions, Samples, cancellationToken).ConfigureAwait(false),
            };
            HuggingFaceDirectory.Save(directory, decoder, tokenizer.Special, tokenizer.Save, folder =>
                File.WriteAllBytes(Path.Combine(folder, BaseModelRecord.FileName), record.ToJson())
            );
            return record;
        }
    }

    /// <summary>Measures zero-, one- and two-shot accuracy on training and held-out chains, always on the same questions.</summary>
    public static async Task<ImmutableArray<MeasuredAccuracy>> MeasureAsync(
        Decoder decoder,
        Tokenizer tokenizer,
        int questions,
        int samples,
        CancellationToken cancellationToken = default
    )
    {
        var task = new SameChainExamples(new());
        await using var engine = GenerationEngine.Create(decoder, new PolicyTokenizer(tokenizer), new EngineSettings(), "measure");
        var evaluator = new ModelEvaluator([engine], new PolicyTokenizer(tokenizer), TimeSpan.FromSeconds(10));
        ImmutableArray<MeasuredAccuracy>.Builder accuracies = ImmutableArray.CreateBuilder<MeasuredAccuracy>();
        foreach (
            (string split, ImmutableArray<Question> asked) in new[]
            {
                ("training", [.. Enumerable.Range(0, questions).Select(index => task.Train(MeasureSeed, index))]),
                ("held-out", task.HeldOut(MeasureSeed, questions)),
            }
        )
        {
            foreach (int shots in new[] { 0, 1, 2 })
            {
                var plan = new EvaluationPlan
                {
                    Questions = asked,
                    Samples = samples,
                    Sampler = new() { MaxTokens = 0 },
                    Demonstrations = shots,
                    Seed = MeasureSeed,
                };
                EvaluationReport report = await evaluator
                    .EvaluateAsync(task, new SymbolRulesVerifier(), plan, cancellationToken)
                    .ConfigureAwait(false);
                AccuracyReport accuracy = report.Accuracy();
                accuracies.Add(
                    new(
                        split,
                        shots,
                        Math.Round(accuracy.Overall.Value, 5),
                        accuracy.PassAtK.Rounded(),
                        accuracy.ByTag.ToImmutableSortedDictionary(tag => tag.Key.Split('=')[1], tag => Math.Round(tag.Value.Value, 5))
                    )
                );
            }
        }

        return accuracies.ToImmutable();
    }

    private static ImmutableSortedDictionary<int, double> Rounded(this ImmutableSortedDictionary<int, double> values) =>
        values.ToImmutableSortedDictionary(pair => pair.Key, pair => Math.Round(pair.Value, 5));

    private static (Decoder Decoder, long Tokens, double Loss) Train(
        CharacterTokenizer tokenizer,
        ulong seed,
        Action<BaseModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        PretrainingPhase[] phases =
        [
            .. Phases.Select(
                (phase, index) =>
                    new PretrainingPhase(Rows(tokenizer, phase, Seed.Derive(seed, (ulong)index)), phase.Tokens, phase.LearningRate)
            ),
        ];
        return PretrainingLoop.Train(Config(tokenizer.VocabularySize), seed, phases, progress, cancellationToken);
    }

    private static IEnumerable<PretrainingRow> Rows(CharacterTokenizer tokenizer, BaseModelPhase phase, ulong seed)
    {
        var rows = new PretrainingRows(new() { MisconceptionProbability = phase.MisconceptionProbability }, seed);
        for (long index = 0; ; index++)
        {
            PretrainingText row = rows.Row(index);
            yield return new(tokenizer.Encode(row.Text), row.Loss);
        }
    }
}
