using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.Registration;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>
/// Questions from a data set, in the paper's plain-text form or as a chat. Training asks every question once per epoch, in an order that
/// the seed determines. A held-out question is never used in training and never shown as an example, even if the files overlap.
/// </summary>
public sealed class JsonlTask : ITask
{
    /// <summary>The name in configuration.</summary>
    public const string TaskName = "jsonl";

    public static TaskDescriptor<JsonlSettings> Descriptor { get; } =
        new(TaskName, (settings, prompts) => new JsonlTask(settings, prompts));

    private readonly ImmutableArray<Question> _training;
    private readonly ImmutableArray<Question> _heldOut;
    private readonly QuestionPrompts _prompts;
    private readonly string? _plainEnd;
    private volatile Epoch? _epoch;

    /// <param name="settings">Files, fields, filters.</param>
    /// <param name="prompts">How questions are put; null is plain text.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read, no training or held-out question is left, or prompts are to be chats
    /// but the model has no chat template.</exception>
    public JsonlTask(JsonlSettings settings, PromptSource? prompts = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        JsonlSettingsCheck.Check(settings);
        bool onlyHeldOut = settings.Path.Length == 0 && settings.HeldOutPath is not null;
        AnsweredRows read = new();
        ImmutableArray<DataRow> rows = onlyHeldOut ? [] : read.Read(settings.Path, settings.Fields);
        ImmutableArray<DataRow> heldOut = settings.HeldOutPath is { } heldOutPath
            ? read.Read(heldOutPath, settings.Fields with { PassRate = null })
            : [.. rows.Where(row => IsHeldOut(settings, row.Question.Text))];
        _heldOut = [.. heldOut.Select(row => row.Question)];
        HashSet<string> withheld = new(_heldOut.Select(question => Key(question.Text)), StringComparer.Ordinal);
        ImmutableArray<DataRow> open = [.. rows.Where(row => !withheld.Contains(Key(row.Question.Text)))];
        ImmutableArray<DataRow> training = PassRates.Filter(open, settings);
        _training = [.. training.Select(row => row.Question)];
        if ((_training.IsEmpty && !onlyHeldOut) || _heldOut.IsEmpty)
        {
            throw new InvalidDataException(
                $"{settings.Path}: of {rows.Length} rows {_training.Length} are left for training and {_heldOut.Length} are "
                    + "held out; provide more rows, another share, other pass rates, or a file of held-out questions."
            );
        }

        Overlap = settings.HeldOutPath is null ? 0 : rows.Length - open.Length;
        FilteredCount = open.Length - training.Length;
        ImmutableArray<DataRow> examples = settings.DemonstrationPath is { } path
            ?
            [
                .. read.Read(path, settings.DemonstrationFields ?? settings.Fields with { PassRate = null })
                    .Where(row => !withheld.Contains(Key(row.Question.Text))),
            ]
            : open;
        (Pool, EmptyPoolReason) = DemonstrationPool.Choose(examples, settings);
        Dictionary<string, ImmutableArray<ChatMessage>> chats = new(StringComparer.Ordinal);
        foreach (DataRow row in (IEnumerable<DataRow>)[.. rows, .. heldOut, .. examples])
        {
            if (!row.Chat.IsEmpty)
            {
                chats.TryAdd(row.Question.Text, row.Chat);
            }
        }

        _prompts = QuestionPrompts.Create(prompts ?? PromptSource.Plain, chats);
        _plainEnd = settings.StopStrings.FirstOrDefault();
        Sources =
        [
            .. _training.IsEmpty ? Array.Empty<QuestionSource>() : [read.Source(settings.Path, _training)],
            read.Source(settings.HeldOutPath ?? $"{settings.Path} (held out)", _heldOut),
        ];
        StopStrings = _prompts.StopStrings(settings.StopStrings);
        MaxTokens = settings.MaxTokens;
    }

    /// <summary>The same task without the questions that cannot be judged.</summary>
    private JsonlTask(JsonlTask task, Func<Question, bool> isReadable)
    {
        (_training, _heldOut) = ([.. task._training.Where(isReadable)], [.. task._heldOut.Where(isReadable)]);
        (_prompts, _plainEnd) = (task._prompts, task._plainEnd);
        (Overlap, FilteredCount, Pool, EmptyPoolReason) = (task.Overlap, task.FilteredCount, task.Pool, task.EmptyPoolReason);
        (Sources, StopStrings, MaxTokens) = (task.Sources, task.StopStrings, task.MaxTokens);
    }

    public string Name => TaskName;

    public ImmutableArray<QuestionSource> Sources { get; }

    public ITask Where(Func<Question, bool> isReadable) => new JsonlTask(this, isReadable);

    /// <summary>True if prompts use the model's chat template, false for plain text.</summary>
    public bool AsksChats => _prompts.AsksChats;

    bool ITask.UsesChatTemplate => AsksChats;

    /// <summary>Rows of the training file that are excluded because the held-out file contains the same question.</summary>
    public int Overlap { get; }

    /// <summary>Questions per epoch.</summary>
    public int TrainingCount => _training.Length;

    public int HeldOutCount => _heldOut.Length;

    int? ITask.TrainingQuestions => TrainingCount;

    int? ITask.HeldOutQuestions => HeldOutCount;

    /// <summary>Rows excluded from training by their pass rate.</summary>
    public int FilteredCount { get; }

    /// <summary>Notes about the files to show before a run starts, one sentence each.</summary>
    public ImmutableArray<string> Notes =>
        [
            .. Overlap > 0
                ?
                [
                    $"{Overlap} of {Overlap + FilteredCount + TrainingCount} training questions are also in the held-out "
                        + "file; they are excluded from training.",
                ]
                : Array.Empty<string>(),
            .. FilteredCount > 0
                ? [$"{FilteredCount} of {FilteredCount + TrainingCount} training questions are excluded because of their pass rate."]
                : Array.Empty<string>(),
            .. _prompts.Notes,
        ];

    public ImmutableArray<Demonstration> Pool { get; }

    /// <inheritdoc/>
    public string? EmptyPoolReason { get; }

    public ImmutableArray<string> StopStrings { get; }

    public int MaxTokens { get; }

    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (_training.IsEmpty)
        {
            throw new InvalidOperationException("There are no training questions: only a held-out file is set.");
        }

        (long number, long place) = Math.DivRem(index, _training.Length);
        Epoch? epoch = _epoch;
        if (epoch is null || epoch.Seed != seed || epoch.Number != number)
        {
            _epoch = epoch = new(seed, number, Shuffled(_training, Seed.Derive(Seed.Derive(seed, "jsonl/train"), (ulong)number)));
        }

        return epoch.Questions[(int)place];
    }

    public ImmutableArray<Question> HeldOut(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Shuffled(_heldOut, Seed.Derive(seed, "jsonl/held-out")).Take(count)];
    }

    /// <summary>A uniform draw without replacement from the pool (paper, section 3.1); fewer if the pool is smaller.</summary>
    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new RandomStream(Seed.Derive(seed, "jsonl/demonstrations"));
        HashSet<int> seen = [];
        List<Demonstration> chosen = [];
        string asked = Key(question.Text);
        while (chosen.Count < count && seen.Count < Pool.Length)
        {
            int place = random.NextInt(Pool.Length);
            if (seen.Add(place) && Key(Pool[place].Question) != asked)
            {
                chosen.Add(Pool[place]);
            }
        }

        return [.. chosen];
    }

    /// <inheritdoc/>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) => _prompts.Prompt(question, demonstrations);

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return _prompts.Response(demonstration, _plainEnd);
    }

    private static Question[] Shuffled(ImmutableArray<Question> questions, ulong seed)
    {
        Question[] order = [.. questions];
        new RandomStream(seed).Shuffle<Question>(order);
        return order;
    }

    private static bool IsHeldOut(JsonlSettings settings, string question) =>
        new RandomStream(Seed.Derive(Seed.Derive(settings.SplitSeed, "jsonl/split"), Key(question))).NextDouble() < settings.HeldOutShare;

    /// <summary>Questions that differ only in white space are the same, as copies of a data set often have them.</summary>
    private static string Key(string question) => string.Join(' ', question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed record Epoch(ulong Seed, long Number, Question[] Questions);
}
