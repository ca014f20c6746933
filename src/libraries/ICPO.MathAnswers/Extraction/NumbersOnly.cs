using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Finds answers when LaTeX outside of formulas is ignored: only numbers and sums of numbers at the start of a word, and simple fractions,
/// count there. Of all candidates that can be parsed the one that ends last is the answer.
/// </summary>
internal static partial class NumbersOnly
{
    private const int MaxDistance = 50;
    private const int MaxTextLength = 20_000;

    private const string Number =
        @"(?:[1-9][0-9]{0,2}(?:[ ,][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)(?:\s*(?:%|[Pp]ercent|[Pp]ct))?";
    private const string Calculation = @"-?\(?-?[0-9][-0-9.\s+*/^()×÷]{0,60}[-+*/^()×÷][-0-9.\s+*/^()×÷]{1,60}(?=(?:\*\*)?[.,:\s)$]|\z)";
    private const string Value =
        $@"(?:\A|(?<=[\s=])|(?<=[\s=]\*\*)|(?<=\A\*\*))[$€£¥]?(?:(?<value>{Calculation})|(?<value>-?(?<![0-9]){Number}))";
    private const string Fraction = @"(?<value>-?\\frac\{-?[0-9]+(?:[.,][0-9]+)?\}\{-?[0-9]+(?:[.,][0-9]+)?\})";

    /// <summary>The last formula, number or fraction from <paramref name="start"/>.</summary>
    public static Extracted? Last(string text, int start = 0)
    {
        start = Math.Max(start, text.Length - MaxTextLength);
        return Best([.. Formulas(text, start), .. Numbers(Any(), text, start)]);
    }

    /// <summary>After "answer:", else after "answer": a formula that starts close to it, or a number on its line.</summary>
    public static Extracted? AfterPhrase(string text) => Behind(text, "answer:", AfterColon()) ?? Behind(text, "answer", AfterWord());

    private static Extracted? Behind(string text, string phrase, Regex numbers)
    {
        int start = Math.Max(0, text.Length - MaxTextLength);
        List<Candidate> candidates = [.. Numbers(numbers, text, start)];
        List<Candidate>? formulas = null;
        for (
            int at = text.IndexOf(phrase, start, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(phrase, at + phrase.Length, StringComparison.OrdinalIgnoreCase)
        )
        {
            int end = at + phrase.Length;
            formulas ??= [.. Formulas(text, start), .. Numbers(Fractions(), text, start)];
            candidates.AddRange(formulas.Where(f => f.Start >= end).OrderBy(f => f.Start).Take(1).Where(f => f.Start <= end + MaxDistance));
        }

        return Best(candidates);
    }

    private static Extracted? Best(List<Candidate> candidates)
    {
        foreach (Candidate candidate in candidates.OrderByDescending(c => c.End).ThenBy(c => c.Start))
        {
            string? answer;
            if (Answers.Read(candidate.Text, NumberReading.Grouped, candidate.IsPlain) is not null)
            {
                answer = candidate.Text;
            }
            else if (candidate.IsPlain)
            {
                // "4)." is not a calculation.
                answer = PlainNumbers.First(candidate.Text, 0, candidate.Text.Length)?.Text;
            }
            else
            {
                answer = null;
            }

            if (answer is not null)
            {
                return new(answer, candidate.IsPlain, candidate.IsPlain ? candidate.End : candidate.End - 1);
            }
        }

        return null;
    }

    private static IEnumerable<Candidate> Formulas(string text, int start)
    {
        List<FormulaSpan> spans = [.. FormulaSpans.Find(text, start).Where(s => s.Start < s.ContentStart)];
        for (int first = 0, last; first < spans.Count; first = last + 1)
        {
            last = first;
            while (last + 1 < spans.Count && FormulaSpans.AreJoined(text, spans[last], spans[last + 1]))
            {
                last++;
            }

            yield return new(spans[first].Start, spans[last].End, FormulaSpans.Content(text, spans, first, last), false);
        }
    }

    private static IEnumerable<Candidate> Numbers(Regex pattern, string text, int start) =>
        from match in pattern.Matches(text, start)
        let value = match.Groups["value"]
        select new Candidate(value.Index, value.Index + value.Length, value.Value.Trim().TrimEnd('.'), true);

    private readonly record struct Candidate(int Start, int End, string Text, bool IsPlain);

    [GeneratedRegex($"{Value}|{Fraction}", RegexOptions.CultureInvariant)]
    private static partial Regex Any();

    [GeneratedRegex(Fraction, RegexOptions.CultureInvariant)]
    private static partial Regex Fractions();

    [GeneratedRegex($@"(?i:answer):(?:[^\n]{{0,100}}=\s*|[^\n]{{0,50}}?){Value}(?!\s*=)", RegexOptions.CultureInvariant)]
    private static partial Regex AfterColon();

    [GeneratedRegex($@"(?i:answer)(?:[^\n]{{0,100}}=\s*|[^\n]{{0,50}}?){Value}(?!\s*=)", RegexOptions.CultureInvariant)]
    private static partial Regex AfterWord();
}
