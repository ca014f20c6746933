using System.Diagnostics;
using System.Text.Json;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Pretraining;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Tasks.Mazes;
using ICPO.Tokenizers;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>A small model of the task <c>maze</c> to train further.</summary>
/// <param name="Maze">The mazes.</param>
/// <param name="Hidden">Width of the model, a multiple of 64.</param>
/// <param name="Tokens">Training tokens; fewer leave more to learn.</param>
/// <param name="Seed">Seed of weights and data.</param>
public sealed record MazeModelPlan(MazeSettings Maze, int Hidden, long Tokens, ulong Seed);

/// <summary>How a model of the task <c>maze</c> was trained and its accuracy; <c>recipe.json</c> in its directory.</summary>
public sealed record MazeModelRecord
{
    /// <summary>The name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>Cells of a side.</summary>
    public required int Size { get; init; }

    /// <summary>As in the settings.</summary>
    public required double Loops { get; init; }

    /// <summary>Seed of weights and data.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Training tokens.</summary>
    public required long Tokens { get; init; }

    /// <summary>Mean loss of the last steps, in nats per character of an answer.</summary>
    public required double Loss { get; init; }

    /// <summary>On held-out mazes, sampled at T = 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>pass@k by k.</summary>
    public required IReadOnlyDictionary<int, double> PassAtK { get; init; }
}

/// <summary>Pretrains a model of the task <c>maze</c> on shortest paths; one thread, reproducible from the seed.</summary>
public static class MazeModelRecipe
{
    private const double LearningRate = 2e-3;
    private const int Questions = 200;
    private const int Samples = 8;

    /// <summary>Examples before a question for which the model has positions.</summary>
    private const int Shots = 2;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Four layers, as wide as planned.</summary>
    public static DecoderConfig Config(int vocabulary, MazeModelPlan plan) =>
        new()
        {
            VocabSize = vocabulary,
            HiddenSize = plan.Hidden,
            IntermediateSize = plan.Hidden * 5 / 2,
            NumHiddenLayers = 4,
            NumAttentionHeads = plan.Hidden / 32,
            NumKeyValueHeads = plan.Hidden / 64,
            HeadDim = 32,
            MaxPositionEmbeddings = (Shots + 1) * new MazeRows(plan.Maze, plan.Seed).Length,
            TieWordEmbeddings = true,
        };

    /// <summary>Trains and measures the model, and writes it to <paramref name="directory"/>, which is replaced at the end.</summary>
    /// <exception cref="ArgumentException">The mazes or the width are not possible.</exception>
    public static async Task<MazeModelRecord> RunAsync(
        string directory,
        MazeModelPlan plan,
        Action<BaseModelProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (plan.Hidden < 64 || plan.Hidden % 64 != 0)
        {
            throw new ArgumentException($"The width {plan.Hidden} is not possible; it is a multiple of 64, such as 128.", nameof(plan));
        }

        var tokenizer = CharacterTokenizer.Create(MazeText.Characters);
        var phase = new PretrainingPhase(Rows(tokenizer, plan), plan.Tokens, LearningRate);
        long started = Stopwatch.GetTimestamp();
        (Decoder decoder, long tokens, double loss) = await Task
            .Factory.StartNew(
                () => PretrainingLoop.Train(Config(tokenizer.VocabularySize, plan), plan.Seed, [phase], progress, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .ConfigureAwait(false);
        using (decoder)
        {
            double rate = tokens / Stopwatch.GetElapsedTime(started).TotalSeconds;
            progress?.Invoke(new(tokens, tokens, null, rate, "Measuring the model."));
            AccuracyReport accuracy = await MeasureAsync(decoder, tokenizer, plan, cancellationToken).ConfigureAwait(false);
            var record = new MazeModelRecord
            {
                Task = MazeTask.TaskName,
                Size = plan.Maze.Size,
                Loops = plan.Maze.Loops,
                Seed = plan.Seed,
                Tokens = tokens,
                Loss = Math.Round(loss, 4),
                Accuracy = Math.Round(accuracy.Overall.Value, 5),
                PassAtK = accuracy.PassAtK.ToDictionary(pass => pass.Key, pass => Math.Round(pass.Value, 5)),
            };
            HuggingFaceDirectory.Save(directory, decoder, tokenizer.Special, tokenizer.Save, folder =>
                File.WriteAllText(Path.Combine(folder, BaseModelRecord.FileName), JsonSerializer.Serialize(record, Options) + "\n")
            );
            return record;
        }
    }

    private static async Task<AccuracyReport> MeasureAsync(
        Decoder decoder,
        CharacterTokenizer tokenizer,
        MazeModelPlan plan,
        CancellationToken cancellationToken
    )
    {
        var task = new MazeTask(plan.Maze);
        await using var engine = GenerationEngine.Create(decoder, new PolicyTokenizer(tokenizer), new EngineSettings(), "measure");
        var evaluator = new ModelEvaluator([engine], new PolicyTokenizer(tokenizer), TimeSpan.FromSeconds(10));
        var evaluation = new EvaluationPlan
        {
            Questions = task.HeldOut(plan.Seed, Questions),
            Samples = Samples,
            Sampler = new() { MaxTokens = 0 },
            Demonstrations = 0,
            Seed = plan.Seed,
        };
        EvaluationReport report = await evaluator
            .EvaluateAsync(task, new MazeVerifier(plan.Maze), evaluation, cancellationToken)
            .ConfigureAwait(false);
        return report.Accuracy();
    }

    private static IEnumerable<PretrainingRow> Rows(CharacterTokenizer tokenizer, MazeModelPlan plan)
    {
        var rows = new MazeRows(plan.Maze, Seed.Derive(plan.Seed, "rows"));
        for (long index = 0; ; index++)
        {
            (string text, bool[] isAnswer) = rows.Row(index);
            yield return new(tokenizer.Encode(text), isAnswer);
        }
    }
}
