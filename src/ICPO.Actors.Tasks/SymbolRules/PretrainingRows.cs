using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>The distribution of the base model's training rows.</summary>
public sealed record PretrainingRowSettings
{
    /// <summary>Characters (= tokens) of a row.</summary>
    public int Length { get; init; } = 96;

    /// <summary>Maximum number of symbols in a row's map; every number from 1 is equally likely.</summary>
    public int MaxSymbols { get; init; } = 5;

    /// <summary>Fraction of questions with one symbol; the others have two.</summary>
    public double OneSymbolShare { get; init; } = 0.35;

    /// <summary>p_w: probability that a hard symbol has its fixed wrong rule; else a uniform one.</summary>
    public double MisconceptionProbability { get; init; } = 0.95;

    /// <summary>Probability that any other symbol has its correct rule; else a uniform one.</summary>
    public double TargetProbability { get; init; } = 0.3;
}

/// <summary>One row: its text and which of its characters enter the loss (those of answers, the closing <c>;</c> included).</summary>
public sealed record PretrainingText(string Text, bool[] Loss);

/// <summary>
/// The training rows of the base model. Each row draws a map from symbols to rules and is filled with worked examples of it, so that one
/// row
/// trains every number of shots. Row i depends only on the seed and i. No row shows a held-out chain under the correct map.
/// </summary>
public sealed class PretrainingRows(PretrainingRowSettings settings, ulong seed)
{
    private readonly ulong _seed = Seed.Derive(seed, "symbol-rules/pretraining");

    public PretrainingText Row(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new RandomStream(Seed.Derive(_seed, (ulong)index));
        Dictionary<char, int> map = DrawMap(ref random);
        char[] symbols = [.. map.Keys];
        var text = new System.Text.StringBuilder(settings.Length + 24);
        List<bool> loss = new(settings.Length + 24);
        while (text.Length < settings.Length)
        {
            string chain = DrawChain(ref random, symbols, map);
            string digits = SymbolRulesAlphabet.DrawDigits(ref random);
            string question = SymbolRulesAlphabet.Question(chain, digits);
            string answer = SymbolRulesAlphabet.Answer(chain, digits, symbol => map[symbol]);
            text.Append(question).Append(answer);
            loss.AddRange(Enumerable.Repeat(false, question.Length));
            loss.AddRange(Enumerable.Repeat(true, answer.Length));
        }

        return new(text.ToString(0, settings.Length), [.. loss.Take(settings.Length)]);
    }

    private Dictionary<char, int> DrawMap(ref RandomStream random)
    {
        char[] symbols = SymbolRulesAlphabet.Symbols.ToCharArray();
        random.Shuffle<char>(symbols);
        int count = 1 + random.NextInt(settings.MaxSymbols);
        Dictionary<char, int> map = [];
        foreach (char symbol in symbols.AsSpan(0, count))
        {
            bool hard = SymbolRulesAlphabet.IsHard(symbol);
            bool prior = random.NextDouble() < (hard ? settings.MisconceptionProbability : settings.TargetProbability);
            map[symbol] = (prior, hard) switch
            {
                (true, true) => SymbolRulesAlphabet.MistakenRule(symbol),
                (true, false) => SymbolRulesAlphabet.TargetRule(symbol),
                _ => random.NextInt(SymbolRule.All.Length),
            };
        }

        return map;
    }

    /// <summary>Falls back to one symbol if the drawn pair would show a held-out chain under the correct map.</summary>
    private string DrawChain(ref RandomStream random, char[] symbols, Dictionary<char, int> map)
    {
        string first = symbols[random.NextInt(symbols.Length)].ToString();
        if (random.NextDouble() < settings.OneSymbolShare)
        {
            return first;
        }

        string chain = first + symbols[random.NextInt(symbols.Length)];
        return SymbolChains.IsHeldOut(chain) && chain.All(symbol => map[symbol] == SymbolRulesAlphabet.TargetRule(symbol)) ? first : chain;
    }
}
