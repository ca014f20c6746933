using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.Registration;

namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>
/// The built-in task <c>arithmetic</c>, short enough for a small pretrained language model on a CPU: sums, products and two-step questions
/// in equal parts. A response ends with any token that contains a newline. Works with every tokenizer.
/// </summary>
public sealed class ArithmeticTask : ITask
{
    /// <summary>The name in configuration.</summary>
    public const string TaskName = "arithmetic";

    /// <summary>The longest worked answer has 25 characters of one token each and ten words.</summary>
    public const int ResponseLimit = 40;

    public static TaskDescriptor<ArithmeticSettings> Descriptor { get; } =
        new(TaskName, (settings, prompts) => new ArithmeticTask(settings, prompts))
        {
            CreateVerifier = settings => new ArithmeticVerifier(settings.Reward),
        };

    private const string End = "\n";

    private readonly ArithmeticDemonstrations _demonstrations;
    private readonly QuestionPrompts _prompts;

    /// <param name="settings">Reward and demonstrations; null takes the defaults.</param>
    /// <param name="prompts">How questions are put; null is plain text.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="InvalidDataException">Prompts are to be chats, but the model has no chat template.</exception>
    public ArithmeticTask(ArithmeticSettings? settings = null, PromptSource? prompts = null)
    {
        settings ??= new();
        if (settings.Pool is < 1 or > ArithmeticSettings.MaxExamples)
        {
            throw new ArgumentException(
                $"A pool of {settings.Pool} arithmetic examples is not possible; it has 1 to {ArithmeticSettings.MaxExamples}.",
                nameof(settings)
            );
        }

        _demonstrations = settings.Demonstrations;
        Pool = ArithmeticPool.Make(settings.Pool);
        _prompts = QuestionPrompts.Create(prompts ?? PromptSource.Plain);
        StopStrings = _prompts.StopStrings([End]);
    }

    public string Name => TaskName;

    public ImmutableArray<Demonstration> Pool { get; }

    public ImmutableArray<string> StopStrings { get; }

    bool ITask.UsesChatTemplate => _prompts.AsksChats;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes => _prompts.Notes;

    public int MaxTokens => ResponseLimit;

    /// <summary>Each family once per three groups, in an order of the seed; then a uniform training question of the family.</summary>
    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ulong stream = Seed.Derive(seed, "arithmetic/train");
        (long round, long place) = Math.DivRem(index, ArithmeticFamily.All.Length);
        ArithmeticFamily[] order = [.. ArithmeticFamily.All];
        new RandomStream(Seed.Derive(stream, (ulong)round)).Shuffle<ArithmeticFamily>(order);
        ArithmeticFamily family = order[place];
        var random = new RandomStream(Seed.Derive(stream, (ulong)round, (ulong)place));
        return Ask(family, family.Training[random.NextInt(family.Training.Length)], copy: 1);
    }

    /// <summary>
    /// The families in rotation, each in an order of the seed. An exhausted family starts over, so that the accuracy on all questions is
    /// the
    /// mean of the families for any number of questions.
    /// </summary>
    public ImmutableArray<Question> HeldOut(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArithmeticProblem[][] orders =
        [
            .. ArithmeticFamily.All.Select(family =>
            {
                ArithmeticProblem[] order = [.. family.HeldOut];
                new RandomStream(Seed.Derive(Seed.Derive(seed, "arithmetic/held-out"), family.Name)).Shuffle<ArithmeticProblem>(order);
                return order;
            }),
        ];
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    (int round, int family) = Math.DivRem(i, orders.Length);
                    (int copies, int place) = Math.DivRem(round, orders[family].Length);
                    return Ask(ArithmeticFamily.All[family], orders[family][place], copies + 1);
                }),
        ];
    }

    /// <summary>A uniform draw without replacement, first from the question's family if so configured.</summary>
    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string? family = _demonstrations == ArithmeticDemonstrations.SameFamily ? ArithmeticFamily.Find(question.Text)?.Name : null;
        Demonstration[] examples = [.. Pool.Where(example => example.Question != question.Text)];
        new RandomStream(Seed.Derive(seed, "arithmetic/demonstrations")).Shuffle<Demonstration>(examples);
        return [.. examples.OrderBy(example => family is not null && example.Tags["family"] != family).Take(count)];
    }

    /// <inheritdoc/>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) => _prompts.Prompt(question, demonstrations);

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return _prompts.Response(demonstration, End);
    }

    internal static ImmutableSortedDictionary<string, string> Tags(ArithmeticFamily family) =>
        ImmutableSortedDictionary<string, string>.Empty.Add("family", family.Name);

    private static Question Ask(ArithmeticFamily family, ArithmeticProblem problem, int copy) =>
        new()
        {
            Id = copy == 1 ? problem.Text : $"{problem.Text} ({copy})",
            Text = problem.Text,
            Answer = problem.Answer,
            Tags = Tags(family),
        };
}
