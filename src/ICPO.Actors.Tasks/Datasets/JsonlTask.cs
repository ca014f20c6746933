using System.Collections.Immutable;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tasks;

/// <summary>
/// Questions from a file of JSON lines, asked in the paper's plain-text form. Training asks every question once an epoch in an order of
/// the seed. A held-out question is never asked in training and never shown as an example, wherever the files overlap.
/// </summary>
public sealed class JsonlTask : ITask
{
    /// <summary>The name in configuration.</summary>
    public const string TaskName = "jsonl";

    private readonly ImmutableArray<Question> _training;
    private readonly ImmutableArray<Question> _heldOut;
    private volatile Epoch? _epoch;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read, or nothing is left to train on or to hold out.</exception>
    public JsonlTask(JsonlSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Check(settings);
        ImmutableArray<DataRow> rows = JsonlFile.Read(settings.Path, settings.Fields);
        _heldOut = settings.HeldOutPath is { } heldOutPath
            ? [.. JsonlFile.Read(heldOutPath, settings.Fields).Select(row => row.Question)]
            : [.. rows.Where(row => IsHeldOut(settings, row.Question.Text)).Select(row => row.Question)];
        HashSet<string> withheld = new(_heldOut.Select(question => question.Text), StringComparer.Ordinal);
        ImmutableArray<DataRow> training = [.. rows.Where(row => !withheld.Contains(row.Question.Text))];
        _training = [.. training.Select(row => row.Question)];
        if (_training.IsEmpty || _heldOut.IsEmpty)
        {
            throw new InvalidDataException(
                $"{settings.Path}: of {rows.Length} rows {_training.Length} are left for training and {_heldOut.Length} are held out; give more rows, another share, or a file of held-out questions.");
        }

        Overlap = settings.HeldOutPath is null ? 0 : rows.Length - training.Length;
        ImmutableArray<DataRow> examples = settings.DemonstrationPath is { } path
            ? [.. JsonlFile.Read(path, settings.DemonstrationFields ?? settings.Fields).Where(row => !withheld.Contains(row.Question.Text))]
            : training;
        Pool =
        [
            .. from row in examples
               where row.Solution.Length >= settings.DemonstrationMinimumLength
               where !settings.DemonstrationExcludes.Any(text => row.Solution.Contains(text, StringComparison.Ordinal))
               select new Demonstration { Id = row.Question.Id, Question = row.Question.Text, Solution = row.Solution, Tags = row.Question.Tags },
        ];
        StopStrings = settings.StopStrings;
        MaxTokens = settings.MaxTokens;
    }

    public string Name => TaskName;

    /// <summary>Rows of the training file that are not trained on because the held-out file asks the same question.</summary>
    public int Overlap { get; }

    /// <summary>Questions an epoch holds.</summary>
    public int TrainingCount => _training.Length;

    public int HeldOutCount => _heldOut.Length;

    public ImmutableArray<Demonstration> Pool { get; }

    public ImmutableArray<string> StopStrings { get; }

    public int MaxTokens { get; }

    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
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

    /// <summary>A uniform draw without replacement from the pool (paper §3.1); fewer where the pool is smaller.</summary>
    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new RandomStream(Seed.Derive(seed, "jsonl/demonstrations"));
        HashSet<int> seen = [];
        List<Demonstration> chosen = [];
        while (chosen.Count < count && seen.Count < Pool.Length)
        {
            int place = random.NextInt(Pool.Length);
            if (seen.Add(place) && Pool[place].Question != question.Text)
            {
                chosen.Add(Pool[place]);
            }
        }

        return [.. chosen];
    }

    /// <summary>The plain-text form of the paper: examples with two blank lines between them, then the question.</summary>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) =>
        string.Concat(demonstrations.Select(d => $"Question: {d.Question}\nAnswer: {d.Solution}\n\n\n").Append($"Question: {question}\nAnswer:"));

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return $" {demonstration.Solution}{StopStrings.FirstOrDefault()}";
    }

    private static Question[] Shuffled(ImmutableArray<Question> questions, ulong seed)
    {
        Question[] order = [.. questions];
        new RandomStream(seed).Shuffle<Question>(order);
        return order;
    }

    private static bool IsHeldOut(JsonlSettings settings, string question) =>
        new RandomStream(Seed.Derive(Seed.Derive(settings.SplitSeed, "jsonl/split"), question)).NextDouble() < settings.HeldOutShare;

    private static void Check(JsonlSettings settings)
    {
        if (settings.HeldOutPath is null && settings.HeldOutShare is not (> 0 and < 1))
        {
            throw new ArgumentException($"The held-out share is {settings.HeldOutShare}; it must lie between 0 and 1, both excluded.", nameof(settings));
        }

        if (settings.MaxTokens < 1 || settings.DemonstrationMinimumLength < 0)
        {
            throw new ArgumentException(
                $"The limit of {settings.MaxTokens} tokens must be at least 1 and the least length of a demonstration, {settings.DemonstrationMinimumLength}, at least 0.", nameof(settings));
        }

        if (settings.StopStrings.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop string is empty; give it at least one character or remove it.", nameof(settings));
        }
    }

    private sealed record Epoch(ulong Seed, long Number, Question[] Questions);
}
