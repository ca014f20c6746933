using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>The position of a formula in a text: its content, and the outer ends of its delimiters.</summary>
internal readonly record struct FormulaSpan(int Start, int ContentStart, int ContentEnd, int End);

/// <summary>
/// Finds formulas: <c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c>, <c>\[…\]</c> and environments. Dollar signs before prices are not delimiters.
/// </summary>
internal static partial class FormulaSpans
{
    private const int MaxFormulaLength = 3000;

    /// <summary>All formulas from <paramref name="from"/>, in order.</summary>
    public static List<FormulaSpan> Find(string text, int from = 0)
    {
        List<FormulaSpan> spans = [];
        int at = from;
        while (at < text.Length)
        {
            int next = text.AsSpan(at).IndexOfAny('$', '\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (At(text, at) is { } span)
            {
                spans.Add(span);
                at = span.End;
            }
            else
            {
                at += text[at] == '\\' ? 2 : 1;
            }
        }

        return spans;
    }

    private static FormulaSpan? At(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        if (rest.StartsWith("$$"))
        {
            return Until(text, at, 2, "$$");
        }

        if (rest[0] == '$')
        {
            return Dollar(text, at);
        }

        if (rest.StartsWith("\\("))
        {
            return Until(text, at, 2, "\\)");
        }

        if (rest.StartsWith("\\["))
        {
            return Until(text, at, 2, "\\]");
        }

        if (rest.StartsWith("\\begin{"))
        {
            return Environment(text, at);
        }

        return null;
    }

    private static FormulaSpan? Until(string text, int at, int length, string close)
    {
        int end = text.IndexOf(close, at + length, Math.Min(MaxFormulaLength, text.Length - at - length), StringComparison.Ordinal);
        return end <= at + length ? null : new(at, at + length, end, end + close.Length);
    }

    private static FormulaSpan? Dollar(string text, int at)
    {
        int end = at + 1;
        while (end < text.Length && end - at < MaxFormulaLength && text[end] != '$')
        {
            if (text[end] == '\n' && end + 1 < text.Length && text[end + 1] == '\n')
            {
                return null;
            }

            end += text[end] == '\\' ? 2 : 1;
        }

        bool price =
            end + 1 < text.Length
            && at + 1 < text.Length
            && char.IsAsciiDigit(text[at + 1])
            && char.IsAsciiDigit(text[end + 1])
            && text.AsSpan(at, end - at).Contains(' ');
        return end >= text.Length || text[end] != '$' || end == at + 1 || price ? null : new(at, at + 1, end, end + 1);
    }

    private static FormulaSpan? Environment(string text, int at)
    {
        int close = text.IndexOf('}', at);
        if (close < 0 || close - at > 30)
        {
            return null;
        }

        string end = $"\\end{text[(at + 6)..(close + 1)]}";
        int found = text.IndexOf(end, close, Math.Min(MaxFormulaLength, text.Length - close), StringComparison.Ordinal);
        return found < 0 ? null : new(at, at, found + end.Length, found + end.Length);
    }

    /// <summary>True if only a comma, "and" or "or" separates two formulas.</summary>
    public static bool AreJoined(string text, FormulaSpan left, FormulaSpan right) =>
        Joint().IsMatch(text.AsSpan(left.End, right.Start - left.End));

    /// <summary>
    /// True if there is a sign of a calculation or range between two formulas before <paramref name="end"/>: "$4$ / $5$".
    /// </summary>
    public static bool AreCalculated(string text, List<FormulaSpan> spans, int end)
    {
        for (int i = 1; i < spans.Count && spans[i].Start < end; i++)
        {
            if (Calculation().IsMatch(text.AsSpan(spans[i - 1].End, spans[i].Start - spans[i - 1].End)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The formulas from <paramref name="first"/> to <paramref name="last"/> as a list, with a percent sign that follows them.
    /// </summary>
    public static string Content(string text, List<FormulaSpan> spans, int first, int last)
    {
        string content = string.Join(
            ", ",
            Enumerable.Range(first, last - first + 1).Select(i => text[spans[i].ContentStart..spans[i].ContentEnd])
        );
        int end = spans[last].End;
        return PercentBehind().IsMatch(text.AsSpan(end, Math.Min(12, text.Length - end))) ? content + "\\%" : content;
    }

    [GeneratedRegex(@"^\s*(?:,|;|,?\s*\b(?:and|or)\b)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^\s*[-+*/×·÷\u2212\u2013\u2014~]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Calculation();

    [GeneratedRegex(@"^\s*(?:\\?%|percent)", RegexOptions.CultureInvariant)]
    private static partial Regex PercentBehind();
}
