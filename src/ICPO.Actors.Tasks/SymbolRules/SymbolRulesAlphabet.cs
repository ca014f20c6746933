using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>The characters of the task <c>symbol-rules</c>, in the order of their token ids, and its constants.</summary>
public static class SymbolRulesAlphabet
{
    /// <summary>The symbols of chains; a symbol's number is its index here.</summary>
    public const string Symbols = "ABCDEFGHIJKL";

    /// <summary>The symbols that the base model has learned with a wrong rule.</summary>
    public const string HardSymbols = "CFIL";

    public const string RuleLetters = "abcdefghijklmnop";

    public const string Digits = "0123456789";

    /// <summary>Ends a question.</summary>
    public const char Ask = '=';

    /// <summary>Ends a worked answer.</summary>
    public const char End = ';';

    /// <summary>Digits in a question and after each step.</summary>
    public const int DigitCount = 4;

    /// <summary>Every character of a question or an answer, one token each.</summary>
    public const string Characters = Symbols + RuleLetters + Digits + "=;";

    /// <summary>The correct rule of <paramref name="symbol"/>, as an index in <see cref="SymbolRule.All"/>.</summary>
    public static int TargetRule(char symbol) => ((7 * Number(symbol)) + 3) % SymbolRule.All.Length;

    /// <summary>The rule that the base model applies to a hard symbol: never the correct one.</summary>
    public static int MistakenRule(char symbol) => (TargetRule(symbol) + 5) % SymbolRule.All.Length;

    public static bool IsHard(char symbol) => HardSymbols.Contains(symbol);

    /// <summary>The question: <c>AB3142=</c>.</summary>
    public static string Question(string chain, string digits) => $"{chain}{digits}{Ask}";

    /// <summary>The worked answer under a map from symbols to rules: symbol, rule letter and digits of each step, then <c>;</c>.</summary>
    public static string Answer(string chain, string digits, Func<char, int> rule)
    {
        var answer = new System.Text.StringBuilder();
        foreach (char symbol in chain)
        {
            SymbolRule step = SymbolRule.All[rule(symbol)];
            digits = step.Apply(digits);
            answer.Append(symbol).Append(step.Letter).Append(digits);
        }

        return answer.Append(End).ToString();
    }

    /// <summary>Four uniform digits.</summary>
    internal static string DrawDigits(ref RandomStream random) => random.NextInt(10_000).ToString("D4");

    private static int Number(char symbol)
    {
        int number = Symbols.IndexOf(symbol);
        return number >= 0
            ? number
            : throw new ArgumentException(
                $"'{symbol}' is not a symbol of the task symbol-rules; its symbols are {Symbols}.",
                nameof(symbol)
            );
    }
}
