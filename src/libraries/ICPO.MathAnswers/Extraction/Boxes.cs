using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds <c>\boxed{…}</c> and <c>\fbox{…}</c>.</summary>
internal static partial class Boxes
{
    private const int MaxJointLength = 20;
    private const int MaxAdjacentDistance = 10;
    private const int MaxTries = 200;

    /// <summary>True if "final answer is" and a value follow the last box: then the box was an intermediate step.</summary>
    public static bool AreSteps(string text) =>
        text.Contains("\\boxed", StringComparison.Ordinal)
        && text.LastIndexOf("final answer is", StringComparison.OrdinalIgnoreCase) is > 0 and int phrase
        && text.IndexOf("\\boxed", phrase, StringComparison.Ordinal) < 0
        && ValueFollows().IsMatch(text.AsSpan(phrase));

    /// <summary>
    /// The last closed box, together with the boxes directly before it that only "and", "or", a comma or signs separate from it. If
    /// <paramref name="strict"/>, only <c>\boxed{</c> without a space counts.
    /// </summary>
    public static Extracted? Last(string text, bool strict = false)
    {
        List<(int Start, int End, string Content)> boxes = [];
        for (int at = text.Length, tries = 0; at > 0 && boxes.Count < 16 && tries < MaxTries; tries++)
        {
            int boxed = text.LastIndexOf("\\boxed", at - 1, StringComparison.Ordinal),
                framed = strict ? -1 : text.LastIndexOf("\\fbox", at - 1, StringComparison.Ordinal);
            int start = Math.Max(boxed, framed);
            if (start < 0)
            {
                break;
            }

            at = start;
            if (strict && (start + 6 == text.Length || text[start + 6] != '{'))
            {
                continue;
            }

            if (Content(text, start + (boxed == start ? 6 : 5)) is not { } content || (boxes.Count > 0 && content.End > boxes[^1].Start))
            {
                if (boxes.Count > 0 && Content(text, start + 6) is { } outer && outer.End > boxes[^1].Start)
                {
                    boxes[^1] = (start, outer.End, outer.Text); // The last box is nested in this one.
                }

                continue;
            }

            if (boxes.Count > 0 && !AreJoined(text[content.End..boxes[^1].Start]))
            {
                break;
            }

            if (content.Text.Trim().Length > 0)
            {
                boxes.Add((start, content.End, content.Text));
            }
        }

        if (boxes.Count == 0)
        {
            return null;
        }

        boxes.Reverse();
        string all = string.Join(", ", boxes.Select(b => b.Content));
        int end = boxes[^1].End;
        return new(PercentFollows().IsMatch(text.AsSpan(end, Math.Min(16, text.Length - end))) ? all + "\\%" : all, false, end - 1);
    }

    private static (string Text, int End)? Content(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        if (at >= text.Length)
        {
            return null;
        }

        if (text[at] == '{')
        {
            return Balanced.End(text, at) is { } end ? (text[(at + 1)..(end - 1)], end) : null;
        }

        if (char.IsAsciiLetterOrDigit(text[at]))
        {
            return (text[at..(at + 1)], at + 1);
        }

        return null;
    }

    private static bool AreJoined(string between)
    {
        if (between.Length > 80)
        {
            return false;
        }

        string spoken = string.Join(
            ' ',
            Formatting().Replace(between.TrimEnd('\\'), " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        return (spoken.Length <= MaxJointLength && Joint().IsMatch(spoken))
            || (between.Length < MaxAdjacentDistance && !spoken.Any(c => char.IsLetterOrDigit(c) || c is '=' or '<' or '>' or '\\' or '.'));
    }

    /// <summary>"The final answer is correct" is not a value that replaces the box before it.</summary>
    [GeneratedRegex(
        @"\Afinal answer is[\s:*]*(?:(?:therefore|thus|simply|approximately|about)[\s:*]+)?(?:[-+\u2212]?[.0-9$\\(\[{|√π∞€£]|"
            + @"(?-i:[A-Z])(?![A-Za-z]))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex ValueFollows();

    [GeneratedRegex(@"\\(?:quad|qquad|text|textbf|mathrm|[,;:!()\[\] ])|[${}]", RegexOptions.CultureInvariant)]
    private static partial Regex Formatting();

    [GeneratedRegex(@"\b(?:and|or)\b|^[\s.]*[,;]\s*(?:[A-Za-z]\w*\s*=)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^[\s$]*(?:\\\)|\\\])?\s*(?:\\?%|percent)", RegexOptions.CultureInvariant)]
    private static partial Regex PercentFollows();
}
