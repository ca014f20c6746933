using System.Text.RegularExpressions;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Answers after a phrase such as "the answer is".</summary>
internal sealed partial class AnswerFinder
{
    private Extracted? AfterPhrase(string text)
    {
        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.AfterPhrase(text);
        }

        if (Phrase().Match(text) is not { Success: true } phrase)
        {
            return null;
        }

        int start = phrase.Index + phrase.Length,
            end = SentenceEnd(text, start);
        List<FormulaSpan> spans = FormulaSpans.Find(text.Length - start > 4000 ? text[..(start + 4000)] : text, start);
        if (spans.Count > 0 && spans[0].Start < end)
        {
            bool numberFirst = spans[0].Start - start > 1 && text.AsSpan(start, spans[0].Start - start).ContainsAnyInRange('0', '9');
            if (!numberFirst)
            {
                int last = 0;
                while (last + 1 < spans.Count && spans[last + 1].Start < end && FormulaSpans.AreJoined(text, spans[last], spans[last + 1]))
                {
                    last++;
                }

                // "The largest $n$ is 34": a name followed by its value.
                bool isName =
                    !text.AsSpan(spans[0].ContentStart, spans[0].ContentEnd - spans[0].ContentStart).ContainsAnyInRange('0', '9')
                    && spans[0].Start - start > 2;
                int later = spans.FindLastIndex(s => s.Start < end);
                if (isName && PlainNumbers.First(text, spans[later].End, end) is { } value)
                {
                    return value;
                }

                if (isName && later > last)
                {
                    return Formula(text, spans, later, later);
                }

                return Formula(text, spans, 0, last);
            }

            end = Math.Min(end, spans[0].Start);
        }

        return Plain(text, start, end);
    }

    /// <summary>A period, exclamation or question mark before a space or the end, or the end of a non-empty line.</summary>
    private static int SentenceEnd(string text, int start)
    {
        int at = start;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is '*' or ':' or '：'))
        {
            at++;
        }

        for (; at < text.Length; at++)
        {
            if (
                text[at] is '\n' or '。'
                || (
                    text[at] is '.' or '!' or '?'
                    && (at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] is '*' or '<')
                )
            )
            {
                return text[at] == '!' && at > start && char.IsAsciiDigit(text[at - 1]) ? at + 1 : at;
            }

            if (text[at] == '<' && at + 1 < text.Length && text[at + 1] is '|' or '/')
            {
                return at;
            }
        }

        return text.Length;
    }

    [GeneratedRegex(
        @"<answer>|\banswer(?:\s+is(?!\s+(?:not|correct|incorrect|right|wrong|clear|unclear|valid|reasonable|verified|"
            + @"confirmed|consistent|above|boxed)\b)|\s*=|(?:\*\*|\s)*:|""\s*:)(?:\s*:)?(?:\*\*)?|\b(?:correct|right|"
            + @"best)\s+(?:option|choice)\s+is(?=\W{0,6}(?-i:[A-J])\b)|答案\s*(?:是|为|[:：])|故选[:：]?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft
    )]
    private static partial Regex Phrase();
}
