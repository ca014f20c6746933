using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ICPO.MathAnswers;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Parses the options of a question and the letter that a text chooses.</summary>
internal static partial class MultipleChoice
{
    private static readonly SearchValues<char> Notation = SearchValues.Create("=^_+*/<>\\|");

    /// <summary>
    /// The options of a question by letter: lines, or positions in a line, that start with "A)", "(A)", "A." or "A:", from A without a gap.
    /// </summary>
    public static FrozenDictionary<char, string> Options(string question)
    {
        Match[] marks = [.. Mark().Matches(question).Cast<Match>()];
        Dictionary<char, string> options = [];

        // The last run from A: a question may mention points A and B first.
        int start = Array.FindLastIndex(marks, m => Letter(m) == 'A');
        for (int i = start; i >= 0 && i < marks.Length && Letter(marks[i]) == 'A' + (i - start); i++)
        {
            int from = marks[i].Index + marks[i].Length,
                to = i + 1 < marks.Length ? marks[i + 1].Index : LineEnd(question, from);
            options[Letter(marks[i])] = Key(Bare(question[from..to]));
        }

        return options.Count > 1 ? options.ToFrozenDictionary() : FrozenDictionary<char, string>.Empty;
    }

    /// <summary>The letter that a short text means: "B", "(B)", "B. Paris", or the text of an option.</summary>
    public static char? Choice(string text, FrozenDictionary<char, string> options)
    {
        string bare = Bare(text);
        if (Alone().Match(bare) is { Success: true } alone)
        {
            char letter = char.ToUpperInvariant(alone.Groups[1].Value[0]);
            return options.Count == 0 || options.ContainsKey(letter) ? letter : null;
        }

        string key = Key(bare);
        char[] same = key.Length == 0 ? [] : [.. options.Where(o => o.Value == key).Select(o => o.Key)];
        return same is [var only] ? only : null;
    }

    /// <summary>
    /// The distinct single letters of a sentence, in order. A and I before a lower-case word are words.
    /// </summary>
    public static char[] Letters(string sentence) => [.. Standing().Matches(Bare(sentence)).Select(m => m.Groups[1].Value[0]).Distinct()];

    /// <summary>True for notation: signs of operations and relations, scripts, or commands other than fonts.</summary>
    public static bool IsFormula(string text) => Bare(text).AsSpan().ContainsAny(Notation);

    private static string Bare(string text) =>
        Commands()
            .Replace(text, " ")
            .Replace("**", "", StringComparison.Ordinal)
            .Trim(' ', '\t', '\r', '\n', '$', '{', '}', '*', '`', '"', '_')
            .Replace("{", "", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal)
            .Trim();

    private static string Key(string text)
    {
        string key = MathText.Key(text.Trim());
        return MathText.Words(key.Length > 0 && key.Any(char.IsAsciiDigit) ? key : text.Trim());
    }

    private static char Letter(Match mark) => mark.Groups[1].Value[0];

    private static int LineEnd(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? end : text.Length;

    [GeneratedRegex(@"(?:^|(?<=[\s{$]))\(?([A-J])[).:](?=[\s$\\}~])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(
        @"\A(?:option|choice)?\s*\(?\s*([A-Ja-j])\s*(?:\)?[.,:;]?\z|[).:]\s*\S)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Alone();

    [GeneratedRegex(
        @"(?<![A-Za-z0-9'’\\])([A-J])(?![A-Za-z0-9'’])(?!(?<=[AI])\s+(?!because\b|since\b|as\b|and\b|or\b|is\b|was\b)[a-z])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Standing();

    [GeneratedRegex(
        @"\\(?:text|textbf|mathrm|mathbf|textrm|bf|rm|left|right|boxed|quad|qquad)\b\s*|\\[()\[\]]|\$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Commands();
}
