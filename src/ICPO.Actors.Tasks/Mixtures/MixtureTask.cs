using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Mixtures;

/// <summary>
/// Several tasks with weights. A group asks a question of a part that is drawn by weight; the question is drawn from that part with
/// replacement. Which one is a function of the group's number, as in every task. Questions have the name of their part in the id and in
/// the tag <c>task</c>.
/// </summary>
public sealed class MixtureTask : ITask
{
    /// <summary>The name in configuration, and of the tag.</summary>
    public const string TaskName = "mixture",
        Tag = "task";

    private readonly ImmutableArray<Part> _parts;
    private readonly Dictionary<string, Part> _byText = new(StringComparer.Ordinal);
    private readonly double _sum;

    /// <summary>A part with its questions under their names in the mixture.</summary>
    private sealed record Part(string Name, ITask Task, double Weight, Dictionary<Question, Question> Named)
    {
        public ImmutableArray<Demonstration> Pool { get; } = [.. Task.Pool.Select(d => d with { Id = $"{Name}/{d.Id}" })];
    }

    /// <param name="parts">Tasks that list their questions as sources, with distinct names.</param>
    /// <exception cref="ArgumentException">There is no part, or two have the same name.</exception>
    public MixtureTask(params IEnumerable<(string Name, ITask Task, double Weight)> parts)
        : this([.. parts.Select(part => new Part(part.Name, part.Task, part.Weight, Names(part.Name, part.Task)))])
    {
        if (_parts.IsEmpty || _parts.DistinctBy(part => part.Name).Count() < _parts.Length)
        {
            throw new ArgumentException(
                "task.mixture.parts needs at least one data set such as \"math.jsonl 0.7\", and different file names; rename a file.",
                nameof(parts)
            );
        }
    }

    private MixtureTask(ImmutableArray<Part> parts)
    {
        (_parts, _sum) = (parts, parts.Sum(part => part.Weight));
        foreach (Part part in parts)
        {
            foreach (string text in part.Named.Keys.Select(q => q.Text).Concat(part.Task.Pool.Select(d => d.Question)))
            {
                _byText.TryAdd(text, part);
            }
        }

        Sources =
        [
            .. from part in parts
            from source in part.Task.Sources
            select source with
            {
                Questions = [.. source.Questions.Where(part.Named.ContainsKey).Select(q => part.Named[q])],
            },
        ];
        Pool = [.. parts.SelectMany(part => part.Pool)];
    }

    public string Name => TaskName;

    public ImmutableArray<QuestionSource> Sources { get; }

    public ImmutableArray<Demonstration> Pool { get; }

    /// <summary>Names the first part without demonstrations: its questions would be trained on without expert rollouts.</summary>
    public string? EmptyPoolReason =>
        _parts.FirstOrDefault(part => part.Pool.IsEmpty) is { } part
            ? $"data set {part.Name}: {part.Task.EmptyPoolReason ?? "it has no solutions (task.jsonl.demonstration-path)"}"
            : null;

    public ImmutableArray<string> StopStrings => [.. _parts.SelectMany(part => part.Task.StopStrings).Distinct()];

    public int MaxTokens => _parts.Max(part => part.Task.MaxTokens);

    public int? TrainingQuestions => _parts.Sum(part => part.Task.TrainingQuestions);

    public int? HeldOutQuestions => _parts.Sum(part => part.Task.HeldOutQuestions);

    public bool UsesChatTemplate => _parts[0].Task.UsesChatTemplate;

    public ImmutableArray<string> Notes => [.. _parts.SelectMany(part => part.Task.Notes.Select(note => $"{part.Name}: {note}"))];

    public ITask Where(Func<Question, bool> isReadable) =>
        new MixtureTask([.. _parts.Select(part => part with { Task = part.Task.Where(q => isReadable(part.Named[q])) })]);

    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new RandomStream(Seed.Derive(Seed.Derive(seed, "mixture"), (ulong)index));
        double at = random.NextDouble() * _sum;
        Part part = _parts[^1];
        foreach (Part one in _parts)
        {
            at -= one.Weight;
            if (at < 0)
            {
                part = one;
                break;
            }
        }

        return part.Named[part.Task.Train(seed, random.NextInt(part.Task.TrainingQuestions!.Value))];
    }

    /// <summary>
    /// As many questions of each part as its weight asks for, as far as it has them, in an order of which every prefix has about these
    /// shares.
    /// </summary>
    public ImmutableArray<Question> HeldOut(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return
        [
            .. _parts
                .SelectMany(part =>
                    part.Task.HeldOut(seed, (int)Math.Ceiling(count * part.Weight / _sum)).Select((question, i) => (part, question, i))
                )
                .OrderBy(drawn => (drawn.i + 1) / drawn.part.Weight)
                .Take(count)
                .Select(drawn => drawn.part.Named[drawn.question]),
        ];
    }

    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        Part part = Find(question.Text);
        return [.. part.Task.Demonstrate(question, seed, count).Select(d => d with { Id = $"{part.Name}/{d.Id}" })];
    }

    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) =>
        Find(question).Task.Prompt(question, demonstrations);

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return Find(demonstration.Question).Task.Response(demonstration);
    }

    private Part Find(string text) => _byText.GetValueOrDefault(text, _parts[0]);

    /// <summary>The questions of a task under their names in the mixture.</summary>
    private static Dictionary<Question, Question> Names(string name, ITask task) =>
        task
            .Sources.SelectMany(source => source.Questions)
            .Distinct<Question>(ReferenceEqualityComparer.Instance)
            .ToDictionary<Question, Question, Question>(
                question => question,
                question => question with { Id = $"{name}/{question.Id}", Tags = question.Tags.SetItem(Tag, name) },
                ReferenceEqualityComparer.Instance
            );
}
