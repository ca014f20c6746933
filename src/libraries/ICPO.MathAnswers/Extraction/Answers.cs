using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Parses extracted answers.</summary>
internal static partial class Answers
{
    /// <summary>Tries the given kind of text first, then the other: a box can hold words, and plain text can hold LaTeX.</summary>
    public static Node? Read(string text, NumberReading reading, bool isPlain)
    {
        reading =
            (reading == NumberReading.DecimalComma && !HasDecimalComma(text, isPlain))
            || (reading == NumberReading.Listed && LeadingZero().IsMatch(text))
                ? NumberReading.Grouped
                : reading;
        return LatexParser.Parse(text, reading, isPlain)
            ?? (isPlain && (IsProse(text) || FunctionWord().IsMatch(text)) ? null : LatexParser.Parse(text, reading, !isPlain));
    }

    /// <summary>Short words that are no products of letters: "not 5", "isn't 5".</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z\\])(?:not|nor|but|than|for|from|with|when|the|are|was|then|only|is|so|it|[a-z]+n['’]t)(?![A-Za-z])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex FunctionWord();

    /// <summary>Words outside of formulas, other than "and" and "or".</summary>
    public static bool HasWordsBesideFormulas(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal) && !text.Contains("\\(", StringComparison.Ordinal))
        {
            return false;
        }

        int at = 0;
        foreach (FormulaSpan span in FormulaSpans.Find(text))
        {
            if (HasWords(text.AsSpan(at, span.Start - at)))
            {
                return true;
            }

            at = span.End;
        }

        return HasWords(text.AsSpan(at));
    }

    private static bool HasWords(ReadOnlySpan<char> text) =>
        Word().IsMatch(text)
        && (!Calculations.SpokenOperator().IsMatch(text) || Word().IsMatch(Calculations.SpokenOperator().Replace(text.ToString(), " ")));

    [GeneratedRegex(@"(?<![A-Za-z\\])(?!(?:and|or)(?![A-Za-z]))[A-Za-z]{2,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    /// <summary>115,000 is not 115 and 0.</summary>
    [GeneratedRegex(@",(?:\s|\\[!,])*0[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZero();

    /// <summary>
    /// A space after a comma, brackets, "and" or "or" show that commas separate values: then 61,328 on the other side can be two numbers.
    /// </summary>
    public static bool ShowsList(string text) => ListMark().IsMatch(text);

    [GeneratedRegex(@",(?:\s|~|\\[ ,;:])|[;(\[{=]|\b(?:and|or)\b", RegexOptions.CultureInvariant)]
    private static partial Regex ListMark();

    /// <summary>Two adjacent words: letters are not factors there.</summary>
    public static bool IsProse(string text) => TwoWords().IsMatch(text);

    [GeneratedRegex(@"(?<![A-Za-z\\])[A-Za-z]+['’]?[a-z]*\s+[A-Za-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex TwoWords();

    /// <summary>1000,5 and 1.000,5 and, outside of formulas, 1,5 and 0,125; but 1,234 is a thousand and 1, 5 are two numbers.</summary>
    private static bool HasDecimalComma(string text, bool isPlain)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 1 || text.LastIndexOf(',') != comma)
        {
            return false;
        }

        bool longNumber =
            comma >= 4 && text[(comma - 4)..comma].All(c => char.IsAsciiDigit(c) || c == '.') && !text.AsSpan(comma - 3, 3).Contains('.');
        return longNumber || (isPlain && DecimalComma().IsMatch(text));
    }

    [GeneratedRegex(@"\A\D*(?:0,[0-9]+|[0-9]+,(?![0-9]{3}(?![0-9]))[0-9]+)(?![0-9.,])", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    /// <summary>A comma between digits, or between a digit and a space: only such texts have more than one reading.</summary>
    public static bool IsAmbiguous(string text)
    {
        for (int at = 1; at + 1 < text.Length; at++)
        {
            if (text[at] == ',' && char.IsAsciiDigit(text[at - 1]) && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is ' ' or '\\'))
            {
                return true;
            }
        }

        return false;
    }
}
