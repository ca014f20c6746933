using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds the answer of a text at the first configured place that holds one.</summary>
internal sealed partial class AnswerFinder(MathSettings settings)
{
    private const int MaxAnswerLength = 400;

    private readonly Thoughts _thoughts = new(settings.ThoughtMarks);

    /// <summary>The text without the thoughts before it.</summary>
    public string Body(string text) => settings.SkipThoughts ? _thoughts.Skip(text) : text;

    /// <summary>The answer, or null.</summary>
    public Extracted? Extract(string text) => Find(Undrawn(Body(text)), settings.Order);

    /// <summary>
    /// The text that gives the answer in words: the last box, what follows the answer phrase, or a text of one line.
    /// </summary>
    public IEnumerable<string> InWords(string text)
    {
        string body = Body(text);
        if (Boxes.Last(body) is { } box)
        {
            yield return box.Text;
        }
        else if (Statements.Find(body).Where(s => s.IsNamed).Cast<Statement?>().FirstOrDefault() is { } statement)
        {
            yield return body[statement.Start..SentenceEnd(body, statement.Start)];
        }

        yield return body;
    }

    /// <summary>The answer at the first of these places that holds one.</summary>
    public Extracted? Find(string body, ImmutableArray<AnswerPlace> places)
    {
        foreach (AnswerPlace place in places)
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

    /// <summary>Without drawings.</summary>
    public static string Undrawn(string body) =>
        body.Contains("[asy]", StringComparison.Ordinal) ? Drawing().Replace(body, m => new string(' ', m.Length)) : body;

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

        // "#### 4" and "#### 5" on adjacent lines name both.
        int before = marker < 4 ? -1 : text.LastIndexOf("####", marker - 1, StringComparison.Ordinal);
        int line = before < 0 ? -1 : text.IndexOf('\n', before);
        Extracted? other =
            line > 0 && line < marker && text.AsSpan(line, marker - line).IsWhiteSpace() ? Plain(text, before + 4, line) : null;
        return Plain(text, start, end) is { } found
            ? found with
            {
                Beside = other is { } value ? (value.Text, value.IsPlain) : null,
            }
            : null;
    }

    /// <summary>"#### Step 2: Total" is Markdown; "#### Final answer: 18" is found by its phrase.</summary>
    private static bool IsHeading(string line, ReadOnlySpan<char> rest)
    {
        string title = line.Trim(['#', .. AnswerText.Emphasis]);
        return title.Length > 0
            && char.IsLetter(title[0])
            && (
                Statements.AreIn(title)
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

    /// <summary>
    /// The text between two positions if it can be parsed; otherwise its first number, if it names that; otherwise its words if they are
    /// few.
    /// </summary>
    private static Extracted? Plain(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        end = Math.Min(end, start + MaxClauseLength);
        string answer = Cleaned(text, start, end);
        if (
            answer.Length is > 0 and <= MaxAnswerLength
            && Answers.Read(answer, NumberReading.Grouped, true) is { } node
            && !HasStrayWords(node)
        )
        {
            return new(answer, true, end) { Parsed = node };
        }

        if (PlainNumbers.First(text, start, end) is { } number)
        {
            return Read(text, start, end, false) is { Kind: not ClauseKind.Names } reading
                ? Stated(text, start, end, reading)
                : Calculated(text, number, start, end);
        }

        return answer.Length is > 0 and <= 60 && answer.Count(c => c == ' ') < 6 && !answer.Contains('\\', StringComparison.Ordinal)
            ? new(answer, true, end)
            : null;
    }

    private static string Cleaned(string text, int start, int end)
    {
        string answer = Markup().Replace(text[start..end], " ").Trim(' ', '\t', '\r', '\n', '"', '\'', '`');
        return answer.EndsWith('}') && !answer.Contains('{', StringComparison.Ordinal) ? answer[..^1].TrimEnd('"', ' ') : answer;
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

    private static Extracted Formula(string text, List<FormulaSpan> spans, int first, int last) =>
        new(FormulaSpans.Content(text, spans, first, last), false, spans[last].End - 1) { Place = (spans[first].Start, spans[last].End) };

    [GeneratedRegex(@"\[asy\].*?(?:\[/asy\]|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"\*\*|<\|[^|<>]{1,40}\|>|</?[a-z]{1,20}>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
