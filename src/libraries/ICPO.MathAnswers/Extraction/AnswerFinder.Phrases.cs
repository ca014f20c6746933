using System.Buffers;
using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Answers after a phrase such as "the answer is". A denial, a bound, a range or several values are no single answer.</summary>
internal sealed partial class AnswerFinder
{
    private const int MaxClauseLength = 4000;

    private Extracted? AfterPhrase(string text)
    {
        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.AfterPhrase(text);
        }

        Extracted? denial = null;
        List<string> denied = [];
        string rest = text;
        int denialEnd = 0;
        List<Statement> statements = [.. Statements.Find(text)];
        foreach ((int at, Statement statement) in statements.Index())
        {
            int end = SentenceEnd(text, statement.Start);
            bool isHypothetical =
                StatementMood.IsHypothetical(text, statement.Subject) || StatementMood.IsCounterfactual(text, statement, end);
            ClauseReading reading = Read(text, statement.Start, end, statement.IsNamed);
            if (
                isHypothetical
                || reading.Kind == ClauseKind.Denies
                || (!statement.IsNamed && StatementMood.IsDescription(text, statement.Start))
            )
            {
                // "Not 4 but 5", "it is not 4, it is 5": the denial ends before the correction. "Anything but 4" has none.
                Match corrects = Corrects().Match(text, statement.Start, Math.Min(end - statement.Start, MaxClauseLength));
                ClauseReading first = corrects.Success ? Read(text, statement.Start, corrects.Index, false) : reading;
                bool isCorrected = corrects.Success && first.Kind == ClauseKind.Denies && !isHypothetical;
                denied.AddRange(isHypothetical ? [] : (isCorrected ? first : reading).Values);
                if (
                    isCorrected
                    && denial is null
                    && Correction(text, corrects.Index + corrects.Length, end) is { } corrected
                    && !IsDenied(corrected, denied)
                )
                {
                    return corrected;
                }

                denial ??= Raw(text, isHypothetical ? statement.Subject : statement.Start, end);
                denialEnd = isHypothetical ? denialEnd : end;
                rest = Blank(rest, statement.Subject, end);
            }
            else if (statement.IsNamed || reading.Kind != ClauseKind.Names)
            {
                bool isQuestion = end < text.Length && text[end] == '?';
                if (isQuestion || Afterthought().IsMatch(text, end) || StatementMood.IsHedged(text, statement.Subject))
                {
                    return Raw(text, statement.Subject, end);
                }

                if (Stated(text, statement.Start, end, reading) is not { } found)
                {
                    return null;
                }

                return IsDenied(found, denied) ? denial : found with { Beside = Beside(text, statements, at) };
            }
        }

        if (denial is null)
        {
            return null;
        }

        // "The answer is not 4. It is 5." The text before a denial is not an answer.
        return
            LastValue(Blank(rest, 0, denialEnd)) is { } last
            && last.Text.Any(c => char.IsAsciiDigit(c) || c == '\\')
            && !IsDenied(last, denied)
            ? last
            : denial;
    }

    /// <summary>
    /// The value of the statement before another one, if nothing comes between them: "The answer is 4. The answer is 5." names both. A
    /// statement after a correction, other words or further steps replaces the earlier one.
    /// </summary>
    private static (string Text, bool IsPlain)? Beside(string text, List<Statement> statements, int at)
    {
        if (at + 1 == statements.Count || !statements[at + 1].IsNamed)
        {
            return null;
        }

        Statement earlier = statements[at + 1];
        int subject = statements[at].Subject,
            sentence = SentenceEnd(text, earlier.Start),
            end = Math.Min(sentence, subject);
        if (
            StatementMood.IsHypothetical(text, earlier.Subject)
            || Read(text, earlier.Start, end, true).Kind != ClauseKind.Names
            || Named(text, earlier.Start, end) is not { } value
            || value.Read(NumberReading.Grouped)?.Any(n => n is WordNode) != false
        )
        {
            return null;
        }

        int from = sentence <= subject ? sentence : Math.Min(value.End, subject); // "The answer is 4, and the answer is 5."
        return SideBySide().IsMatch(text.AsSpan(from, subject - from)) ? (value.Text, value.IsPlain) : null;
    }

    /// <summary>True if the last statement names no single value.</summary>
    public static bool LeavesOpen(string text) =>
        Statements.Find(text).Cast<Statement?>().FirstOrDefault() is { } last
        && (
            StatementMood.IsHypothetical(text, last.Subject)
            || StatementMood.IsHedged(text, last.Subject)
            || Read(text, last.Start, SentenceEnd(text, last.Start), false).Kind != ClauseKind.Names
        );

    private static readonly SearchValues<char> NoWords = SearchValues.Create(" \t\r\n0123456789.,$*-:/{}()[]");

    private static ClauseReading Read(string text, int start, int end, bool isNamed)
    {
        string clause = end - start > MaxClauseLength ? "" : text[start..end];
        if (!clause.AsSpan().ContainsAnyExcept(NoWords) && !clause.Contains("..", StringComparison.Ordinal))
        {
            return ClauseReading.Names;
        }

        ClauseReading reading = ChineseClause.Applies(clause) ? ChineseClause.Read(clause) : ClauseReading.Names;
        if (reading.Kind != ClauseKind.Names)
        {
            return reading;
        }

        List<Piece> pieces = Pieces.Of(clause);
        bool isHedged = Hedges.AreIn(pieces, pieces.FindIndex(p => p.Kind == PieceKind.Value));
        if (!isHedged && isNamed && IsWhole(text, start, end))
        {
            return reading;
        }

        ClauseReading english = EnglishClause.Read(pieces);
        return english.Kind == ClauseKind.Names && isHedged ? ClauseReading.Hedges : english;
    }

    /// <summary>A clause that consists only of one expression, list, interval or relation is unambiguous.</summary>
    private static bool IsWhole(string text, int start, int end)
    {
        string answer = Cleaned(text, start, end);
        return answer.Length is > 0 and <= MaxAnswerLength
            && !Answers.HasWordsBesideFormulas(answer)
            && Answers.Read(answer, NumberReading.Grouped, !answer.StartsWith('$')) is { } node
            && !HasStrayWords(node);
    }

    private static Extracted? Stated(string text, int start, int end, ClauseReading reading) =>
        reading.Kind switch
        {
            ClauseKind.Names => Named(text, start, end),
            ClauseKind.Lists => new(string.Join(", ", reading.Values), false, end),
            _ => Raw(text, start, end),
        };

    /// <summary>The clause as written: it equals a gold answer of the same words only.</summary>
    private static Extracted Raw(string text, int start, int end) => new(text[start..end].Trim(), true, end) { IsOpen = true };

    private static string Blank(string text, int start, int end) =>
        string.Concat(text.AsSpan(0, start), new string(' ', end - start), text.AsSpan(end));

    private static bool IsDenied(Extracted found, List<string> denied) =>
        denied.Exists(d => AnswerText.Key(d) == AnswerText.Key(found.Text));

    private static Extracted? Correction(string text, int start, int end) =>
        Read(text, start, end, true) is { Kind: ClauseKind.Names } reading ? Stated(text, start, end, reading) : null;

    /// <summary>The value of a clause that names one: its formulas up to the first word, else its text.</summary>
    private static Extracted? Named(string text, int start, int end)
    {
        List<FormulaSpan> spans = FormulaSpans.Find(
            text.Length - start > MaxClauseLength ? text[..(start + MaxClauseLength)] : text,
            start
        );
        if (spans.Count == 0 || spans[0].Start >= end)
        {
            return Plain(text, start, end);
        }

        if (spans[0].Start - start > 1 && text.AsSpan(start, spans[0].Start - start).ContainsAnyInRange('0', '9'))
        {
            return Plain(text, start, Math.Min(end, spans[0].Start));
        }

        int behind = Math.Min(end, spans.FindLast(s => s.Start < end).End);
        bool continues =
            text.AsSpan(behind..end).ContainsAnyInRange('0', '9')
            || FormulaSpans.AreCalculated(text, spans, end)
            || Calculations.End(text, spans[0].End, end) is not null;
        if (continues && IsWhole(text, start, end))
        {
            return new(Cleaned(text, start, end), false, end); // "$4$ or 5", "$4$ / $5$"
        }

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

        return isName && later > last ? Formula(text, spans, later, later) : Calculated(text, Formula(text, spans, 0, last), start, end);
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
                bool belongs = text[at] == '!' && at > start && char.IsAsciiDigit(text[at - 1]);
                return belongs || (text[at] == '.' && PlainNumbers.AreTruncated(text, at)) ? at + 1 : at;
            }

            if (text[at] == '<' && at + 1 < text.Length && text[at + 1] is '|' or '/')
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <summary>"The answer is 4. Or 5."</summary>
    [GeneratedRegex(
        @"\G[.!]?\s{0,9}(?:or|alternatively|maybe|perhaps|possibly)\b(?!\s+(?:equivalently|simply|in\s+other))[^.!?\n0-9]{0,60}[0-9]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Afterthought();

    [GeneratedRegex(
        @"\b(?:but(?:\s+rather)?|instead|it\s+is|it['’]s|rather)\b(?!\s+(?:than|of|not)\b)|而是|应[为是]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Corrects();

    /// <summary>What may stand between two statements that are made side by side.</summary>
    [GeneratedRegex(
        @"\A(?:[\s.*!)\]$""'_#:;,\-。，；！]|\b(?:and|or|also|so|thus|hence|therefore|then|another|second|the|my|our|an|a|possible)\b|"
            + @"</?answer>|<|所以|因此|故|另一个|而且|同时|第二个){0,12}\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex SideBySide();
}
