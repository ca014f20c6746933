using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds the answer of a text at the first configured place that holds one.</summary>
internal sealed partial class AnswerFinder(MathSettings settings)
{
    private const int MaxAnswerLength = 400;

    /// <summary>The answer, or null. A gold text that is only an answer is taken unchanged.</summary>
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
            // A bare answer that cannot be parsed: its last number would be a different answer.
            return new(body.Trim(), true, body.Length);
        }

        foreach (AnswerPlace place in settings.Order)
        {
            Extracted? found = place switch
            {
                AnswerPlace.Boxed => (settings.Order.Contains(AnswerPlace.AnswerPhrase) && Boxes.AreSteps(body) ? AfterPhrase(body) : null)
                    ?? Boxes.Last(body, settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly),
                AnswerPlace.Hashes => AfterHashes(body),
                AnswerPlace.AnswerPhrase => AfterPhrase(body),
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

    private Extracted? AfterHashes(string text)
    {
        int marker = text.LastIndexOf("####", StringComparison.Ordinal);
        if (marker < 0)
        {
            return null;
        }

        int start = marker + 4,
            end = text.IndexOf('\n', start);
        end = end < 0 ? text.Length : end;
        if (text.AsSpan(start, end - start).Trim().Length == 0 || IsHeading(text[start..end], text.AsSpan(end)))
        {
            return null;
        }

        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.Last(text[..end], start);
        }

        return Plain(text, start, end);
    }

    /// <summary>"#### Step 2: Total" is Markdown; "#### Final answer: 18" is found by its phrase.</summary>
    private static bool IsHeading(string line, ReadOnlySpan<char> rest)
    {
        string title = line.Trim(['#', .. AnswerText.Emphasis]);
        return title.Length > 0
            && char.IsLetter(title[0])
            && (
                Phrase().IsMatch(title)
                || (
                    !rest.IsWhiteSpace()
                    && (
                        title.Length > MaxAnswerLength
                        || Answers.Read(title, NumberReading.Grouped, true) is not { } node
                        || node.Any(n => n is WordNode)
                    )
                )
            );
    }

    /// <summary>The text between two positions if it can be parsed; else its first number; else its words if they are few.</summary>
    private static Extracted? Plain(string text, int start, int end)
    {
        string answer = Markup().Replace(text[start..end], " ").Trim(' ', '\t', '\r', '\n', '"', '\'', '`');
        answer = answer.EndsWith('}') && !answer.Contains('{', StringComparison.Ordinal) ? answer[..^1].TrimEnd('"', ' ') : answer;
        if (
            answer.Length is > 0 and <= MaxAnswerLength
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

    /// <summary>"17, which is prime" has stray words. Words alone, or words that name a value, are an answer.</summary>
    private static bool HasStrayWords(Node node) =>
        node switch
        {
            WordNode => false,
            RelationNode { Operands: [WordNode, var value], Operators: ['='] } => value.Any(n => n is WordNode),
            SequenceNode list when list.Items.All(i => i is WordNode or SymbolNode) => false,
            ChoiceNode choice => HasStrayWords(choice.Rest),
            _ => node.Any(n => n is WordNode),
        };

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
        int start = spans.Count > 0 ? spans[^1].End : 0;
        Extracted? number = PlainNumbers.Last(text, start);
        if (number is not null && LooseFormulas.Last(text, start) is { } loose && loose.End >= number.Value.End)
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

        return number ?? LooseFormulas.Last(text, start);
    }

    /// <summary>A short text that consists of an answer only.</summary>
    private static Extracted? Whole(string text, bool isGold)
    {
        string answer = text.Trim();
        if (answer.Length > MaxAnswerLength)
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
            && IsOnlyAnswer(node, answer, isGold)
            ? new(answer, plain, text.Length)
            : null;
    }

    private static bool IsOnlyAnswer(Node node, string answer, bool isGold) =>
        node switch
        {
            WordNode word => isGold || word.Text.Count(c => c == ' ') < 2,
            RelationNode { Operands: [WordNode, var value], Operators: ['='] } => isGold
                && !Sentence().IsMatch(answer)
                && !value.Any(n => n is WordNode),
            _ => !node.Any(n => n is WordNode),
        };

    private static Extracted Formula(string text, List<FormulaSpan> spans, int first, int last) =>
        new(FormulaSpans.Content(text, spans, first, last), false, spans[last].End - 1);

    [GeneratedRegex(@"\[asy\].*?(?:\[/asy\]|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Drawing();

    /// <summary>Signs of a sentence: a verb, or four words.</summary>
    [GeneratedRegex(
        @"\b(?:is|are|be|was|were|equals|answer|have|has|get|gets|costs?)\b|(?:(?<![\\A-Za-z])[A-Za-z]{2,}\W+){4}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\*\*|<\|[^|<>]{1,40}\|>|</?[a-z]{1,20}>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
