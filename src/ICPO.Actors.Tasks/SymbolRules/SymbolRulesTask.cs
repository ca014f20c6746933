using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Registration;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>
/// The built-in task <c>symbol-rules</c>: a chain of two symbols, each a rule on four digits, worked step by step. The answer counts only
/// as a whole, so a lucky last step earns nothing. Held-out questions use chains that are never in training or the pool.
/// </summary>
public sealed class SymbolRulesTask : ITask
{
    /// <summary>The name in configuration.</summary>
    public const string TaskName = "symbol-rules";

    /// <summary>A worked answer of two steps has 13 characters, one token each.</summary>
    public const int ResponseLimit = 16;

    public static TaskDescriptor<SymbolRulesSettings> Descriptor { get; } =
        new(TaskName, (settings, _) => new SymbolRulesTask(settings)) { CreateVerifier = _ => new SymbolRulesVerifier() };

    private const ulong PoolSeed = 0x5EED_0002;
    private const int ExamplesPerChain = 4;
    private const int DigitStrings = 10_000;

    private readonly DemonstrationSelection _selection;

    public SymbolRulesTask(SymbolRulesSettings? settings = null)
    {
        _selection = (settings ?? new()).Selection;
        if (!Enum.IsDefined(_selection))
        {
            throw new ArgumentException(
                $"Demonstration selection {_selection} is not known; known are "
                    + $"{string.Join(", ", Enum.GetNames<DemonstrationSelection>())}.",
                nameof(settings)
            );
        }

        Pool = MakePool();
    }

    public string Name => TaskName;

    public ImmutableArray<Demonstration> Pool { get; }

    public ImmutableArray<string> StopStrings { get; } = [SymbolRulesAlphabet.End.ToString()];

    public int MaxTokens => ResponseLimit;

    /// <summary>A uniform training chain with uniform digits.</summary>
    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new RandomStream(Seed.Derive(Seed.Derive(seed, "symbol-rules/train"), (ulong)index));
        string chain = SymbolChains.Training[random.NextInt(SymbolChains.Training.Length)];
        return Ask(chain, SymbolRulesAlphabet.DrawDigits(ref random));
    }

    /// <summary>
    /// Distinct questions that rotate through the held-out chains in an order of the seed, so that every chain counts (almost) equally.
    /// </summary>
    public ImmutableArray<Question> HeldOut(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string[] chains = [.. SymbolChains.HeldOut];
        count = Math.Min(count, chains.Length * DigitStrings);
        var random = new RandomStream(Seed.Derive(seed, "symbol-rules/held-out"));
        random.Shuffle<string>(chains);
        ImmutableArray<Question>.Builder questions = ImmutableArray.CreateBuilder<Question>(count);
        HashSet<string> asked = new(StringComparer.Ordinal);
        while (questions.Count < count)
        {
            Question question = Ask(chains[questions.Count % chains.Length], SymbolRulesAlphabet.DrawDigits(ref random));
            if (asked.Add(question.Id))
            {
                questions.Add(question);
            }
        }

        return questions.MoveToImmutable();
    }

    /// <summary>
    /// A uniform draw without replacement from the closest group of examples under the selection, then from the next one.
    /// </summary>
    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string chain = Chain(question.Text);
        var random = new RandomStream(Seed.Derive(seed, "symbol-rules/demonstrations"));
        List<Demonstration> chosen = [];
        foreach (
            IGrouping<int, Demonstration> circle in from example in Pool
            where example.Question != question.Text
            group example by Distance(Chain(example.Question), chain) into circle
            orderby circle.Key
            select circle
        )
        {
            Demonstration[] examples = [.. circle];
            random.Shuffle<Demonstration>(examples);
            chosen.AddRange(examples.Take(count - chosen.Count));
            if (chosen.Count == count)
            {
                break;
            }
        }

        return [.. chosen];
    }

    /// <summary>
    /// Examples and question in sequence, as in the rows that the base model was trained on: <c>AB3142=Ad2143Bk5476;AB0718=</c>.
    /// </summary>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) =>
        string.Concat(demonstrations.Select(d => d.Question + d.Solution).Append(question));

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return demonstration.Solution;
    }

    /// <summary>The question of a chain and four digits, with its gold answer.</summary>
    public static Question Ask(string chain, string digits) =>
        new()
        {
            Id = chain + digits,
            Text = SymbolRulesAlphabet.Question(chain, digits),
            Answer = SymbolRulesAlphabet.Answer(chain, digits, SymbolRulesAlphabet.TargetRule),
            Tags = Tags(chain),
        };

    /// <summary>The solved example of a chain and four digits.</summary>
    public static Demonstration Solve(string chain, string digits)
    {
        Question question = Ask(chain, digits);
        return new()
        {
            Id = question.Id,
            Question = question.Text,
            Solution = question.Answer,
            Tags = question.Tags,
        };
    }

    private static ImmutableArray<Demonstration> MakePool()
    {
        var random = new RandomStream(Seed.Derive(PoolSeed, "pool"));
        ImmutableArray<Demonstration>.Builder pool = ImmutableArray.CreateBuilder<Demonstration>();
        foreach (string chain in SymbolChains.Training)
        {
            HashSet<string> digits = new(StringComparer.Ordinal);
            while (digits.Count < ExamplesPerChain)
            {
                digits.Add(SymbolRulesAlphabet.DrawDigits(ref random));
            }

            pool.AddRange(digits.Order(StringComparer.Ordinal).Select(d => Solve(chain, d)));
        }

        return pool.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Tags(string chain) =>
        ImmutableSortedDictionary<string, string>.Empty.Add("hard", SymbolChains.HardCount(chain).ToString());

    private static string Chain(string question) => string.Concat(question.TakeWhile(SymbolRulesAlphabet.Symbols.Contains));

    /// <summary>0 for the closest group of the selection; the last group completes the pool.</summary>
    private int Distance(string example, string chain) =>
        _selection switch
        {
            DemonstrationSelection.SameChain when example == chain => 0,
            DemonstrationSelection.SameChain or DemonstrationSelection.ShareSymbol when example.Any(chain.Contains) => 1,
            DemonstrationSelection.SameChain or DemonstrationSelection.ShareSymbol => 2,
            _ => 0,
        };
}
