using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds what is boxed.</summary>
internal static partial class Boxes
{
    private const int LongestJoint = 20;
    private const int ClosestBoxes = 10;
    private const int MostTries = 200;

    /// <summary>True where the text says "final answer is" behind its last box: then the box was a step.</summary>
    public static bool AreSteps(string text) =>
        text.LastIndexOf("final answer is", StringComparison.OrdinalIgnoreCase) is > 0 and int phrase
        && text.IndexOf("\\boxed", phrase, StringComparison.Ordinal) < 0
        && ValueBehind().IsMatch(text.AsSpan(phrase));

    /// <summary>
    /// The last box; the boxes right before it count too where "and", "or", a comma or signs alone stand between. A box that nothing closes
    /// is
    /// none. <paramref name="strict"/>: only <c>\boxed{</c>, without a space or another frame.
    /// </summary>
    public static Extracted? Last(string text, bool strict = false)
    {
        List<(int Start, int End, string Content)> boxes = [];
        for (int at = text.Length, tries = 0; at > 0 && boxes.Count < 16 && tries < MostTries; tries++)
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
                    boxes[^1] = (start, outer.End, outer.Text); // The last box stands inside this one.
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
        return new(PercentBehind().IsMatch(text.AsSpan(end, Math.Min(16, text.Length - end))) ? all + "\\%" : all, false, end - 1);
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

        return text[at] == '{'
            ? Balanced.End(text, at) is { } end
                ? (text[(at + 1)..(end - 1)], end)
                : null
            : char.IsAsciiLetterOrDigit(text[at])
                ? (text[at..(at + 1)], at + 1)
                : null;
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
        return (spoken.Length <= LongestJoint && Joint().IsMatch(spoken))
            || (between.Length < ClosestBoxes && !spoken.Any(c => char.IsLetterOrDigit(c) || c is '=' or '<' or '>' or '\\' or '.'));
    }

    /// <summary>"The final answer is correct" says nothing about the box before it.</summary>
    [GeneratedRegex(
        @"\Afinal answer is[\s:*]*(?:(?:therefore|thus|simply|approximately|about)[\s:*]+)?(?:[-+\u2212]?[.0-9$\\(\[{|√π∞€£]|(?-i:[A-Z])(?![A-Za-z]))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex ValueBehind();

    [GeneratedRegex(@"\\(?:quad|qquad|text|textbf|mathrm|[,;:!()\[\] ])|[${}]", RegexOptions.CultureInvariant)]
    private static partial Regex Formatting();

    [GeneratedRegex(@"\b(?:and|or)\b|^[\s.]*[,;]\s*(?:[A-Za-z]\w*\s*=)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^[\s$]*(?:\\\)|\\\])?\s*(?:\\?%|percent)", RegexOptions.CultureInvariant)]
    private static partial Regex PercentBehind();
}
