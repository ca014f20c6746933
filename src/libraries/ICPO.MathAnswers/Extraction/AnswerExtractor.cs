using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds the answer in a response, at the first of the configured places that holds one.</summary>
internal sealed partial class AnswerExtractor(MathSettings settings)
{
    private const int LongestAnswer = 400;

    /// <summary>The answer, or null. A gold answer that is nothing but an answer is taken as it stands.</summary>
    public Extracted? Extract(string text, bool isGold)
    {
        string body = settings.SkipThoughts ? Thoughts.Skip(text) : text;
        if (body.Contains("[asy]", StringComparison.Ordinal))
        {
            body = Drawing().Replace(body, m => new string(' ', m.Length));
        }

        if (
            isGold
            && !body.Contains("\\boxed", StringComparison.Ordinal)
            && !body.Contains("####", StringComparison.Ordinal)
            && Whole(body, true) is { } whole
        )
        {
            return whole;
        }

        if (isGold && IsBareAnswer(body))
        {
            // Nothing but an answer, which no grammar reads: its last number would be another answer.
            return new(body.Trim(), true, body.Length);
        }

        foreach (AnswerPlace place in settings.Order)
        {
            Extracted? found = place switch
            {
                AnswerPlace.Boxed => (settings.Order.Contains(AnswerPlace.AnswerPhrase) && Boxes.AreSteps(body) ? BehindPhrase(body) : null)
                    ?? Boxes.Last(body, settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly),
                AnswerPlace.Hashes => BehindHashes(body),
                AnswerPlace.AnswerPhrase => BehindPhrase(body),
                _ => LastValue(body),
            };
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsBareAnswer(string text) =>
        text.AsSpan().Trim() is { Length: > 0 and <= 80 } answer
        && answer.IndexOfAny('\n', '$') < 0
        && !answer.Contains("####", StringComparison.Ordinal)
        && !answer.Contains("\\(", StringComparison.Ordinal)
        && !answer.Contains("\\[", StringComparison.Ordinal)
        && !answer.Contains("\\boxed", StringComparison.Ordinal)
        && !Sentence().IsMatch(answer);

    private Extracted? BehindHashes(string text)
    {
        int marker = text.LastIndexOf("####", StringComparison.Ordinal);
        if (marker < 0)
        {
            return null;
        }

        int start = marker + 4,
            end = text.IndexOf('\n', start);
        end = end < 0 ? text.Length : end;
        return text.AsSpan(start, end - start).Trim().Length == 0 || IsHeading(text[start..end], text.AsSpan(end)) ? null
            : settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly ? NumbersOnly.Last(text[..end], start)
            : Plain(text, start, end);
    }

    /// <summary>"#### Step 2: Total" is Markdown; "#### Final answer: 18" is found by its phrase.</summary>
    private static bool IsHeading(string line, ReadOnlySpan<char> behind)
    {
        string title = line.Trim(['#', .. AnswerText.Emphasis]);
        return title.Length > 0
            && char.IsLetter(title[0])
            && (
                Phrase().IsMatch(title)
                || (
                    !behind.IsWhiteSpace()
                    && (
                        title.Length > LongestAnswer
                        || Answers.Read(title, NumberReading.Grouped, true) is not { } node
                        || node.Any(n => n is WordNode)
                    )
                )
            );
    }

    /// <summary>The text between two places, if the grammar reads it; else its first number; else its words, if they are few.</summary>
    private static Extracted? Plain(string text, int start, int end)
    {
        string answer = Markup().Replace(text[start..end], " ").Trim(' ', '\t', '\r', '\n', '"', '\'', '`');
        answer = answer.EndsWith('}') && !answer.Contains('{', StringComparison.Ordinal) ? answer[..^1].TrimEnd('"', ' ') : answer;
        if (
            answer.Length is > 0 and <= LongestAnswer
            && Answers.Read(answer, NumberReading.Grouped, true) is { } node
            && !HasStrayWords(node)
        )
        {
            return new(answer, true, end);
        }

        return PlainNumbers.First(text, start, end)
            ?? (
                answer.Length is > 0 and <= 60 && answer.Count(c => c == ' ') < 6 && !answer.Contains('\\', StringComparison.Ordinal)
                    ? new(answer, true, end)
                    : null
            );
    }

    /// <summary>"17, which is prime": words beside a value. Words alone, and those that name a value, are an answer.</summary>
    private static bool HasStrayWords(Node node) =>
        node switch
        {
            WordNode => false,
            RelationNode { Operands: [WordNode, var value], Operators: ['='] } => value.Any(n => n is WordNode),
            SequenceNode list when list.Items.All(i => i is WordNode or SymbolNode) => false,
            ChoiceNode choice => HasStrayWords(choice.Rest),
            _ => node.Any(n => n is WordNode),
        };

    private Extracted? BehindPhrase(string text)
    {
        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.BehindPhrase(text);
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

                // "The largest $n$ is 34": a name, and its value behind it.
                bool isName =
                    !text.AsSpan(spans[0].ContentStart, spans[0].ContentEnd - spans[0].ContentStart).ContainsAnyInRange('0', '9')
                    && spans[0].Start - start > 2;
                int later = spans.FindLastIndex(s => s.Start < end);
                return isName && PlainNumbers.First(text, spans[later].End, end) is { } value ? value
                    : isName && later > last ? Formula(text, spans, later, later)
                    : Formula(text, spans, 0, last);
            }

            end = Math.Min(end, spans[0].Start);
        }

        return Plain(text, start, end);
    }

    /// <summary>A full stop, exclamation or question mark before a space or the end; a line's end where the line is not empty.</summary>
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

    private Extracted? LastValue(string text)
    {
        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.Last(text);
        }

        if (Whole(text, false) is { } whole)
        {
            return whole;
        }

        List<FormulaSpan> spans = FormulaSpans.Find(text);
        int behind = spans.Count > 0 ? spans[^1].End : 0;
        Extracted? number = PlainNumbers.Last(text, behind);
        if (number is not null && LooseFormulas.Last(text, behind) is { } loose && loose.End >= number.Value.End)
        {
            return loose;
        }

        if (spans.Count > 0 && number is null)
        {
            int first = spans.Count - 1;
            while (first > 0 && FormulaSpans.AreJoined(text, spans[first - 1], spans[first]))
            {
                first--;
            }

            return Formula(text, spans, first, spans.Count - 1);
        }

        return number ?? LooseFormulas.Last(text, behind);
    }

    /// <summary>A short text that is an answer and nothing else.</summary>
    private static Extracted? Whole(string text, bool isGold)
    {
        string answer = text.Trim();
        if (answer.Length > LongestAnswer)
        {
            return null;
        }

        bool plain =
            !answer.StartsWith('$')
            && (
                Answers.IsProse(answer) || !(answer.Contains('\\', StringComparison.Ordinal) || (isGold && answer.Any(char.IsAsciiLetter)))
            );
        return
            answer.Length > 0
            && !Phrase().IsMatch(answer)
            && Answers.Read(answer, NumberReading.Grouped, plain) is { } node
            && (
                node is WordNode word ? isGold || word.Text.Count(c => c == ' ') < 2
                : node is RelationNode { Operands: [WordNode, var value], Operators: ['='] }
                    ? isGold && !Sentence().IsMatch(answer) && !value.Any(n => n is WordNode)
                : !node.Any(n => n is WordNode)
            )
            ? new(answer, plain, text.Length)
            : null;
    }

    private static Extracted Formula(string text, List<FormulaSpan> spans, int first, int last) =>
        new(FormulaSpans.Content(text, spans, first, last), false, spans[last].End - 1);

    [GeneratedRegex(@"\[asy\].*?(?:\[/asy\]|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(
        @"<answer>|\banswer(?:\s+is(?!\s+(?:not|correct|incorrect|right|wrong|clear|unclear|valid|reasonable|verified|confirmed|consistent|above|boxed)\b)|\s*=|(?:\*\*|\s)*:|""\s*:)(?:\s*:)?(?:\*\*)?|\b(?:correct|right|best)\s+(?:option|choice)\s+is(?=\W{0,6}(?-i:[A-J])\b)|答案\s*(?:是|为|[:：])|故选[:：]?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft
    )]
    private static partial Regex Phrase();

    /// <summary>A verb, or four words.</summary>
    [GeneratedRegex(
        @"\b(?:is|are|be|was|were|equals|answer|have|has|get|gets|costs?)\b|(?:(?<![\\A-Za-z])[A-Za-z]{2,}\W+){4}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\*\*|<\|[^|<>]{1,40}\|>|</?[a-z]{1,20}>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
