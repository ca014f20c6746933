using ICPO.MathAnswers.Equivalence;
using ICPO.MathAnswers.Extraction;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers;

/// <summary>
/// Judges answers to mathematics questions: extracts the answer from a response and from the gold text, parses both with one LaTeX grammar
/// and compares their meaning under the conventions of <see cref="MathSettings"/>. Every step is bounded, so any text gets its verdict in
/// milliseconds. Deterministic and thread-safe.
/// </summary>
public sealed class MathJudge
{
    private static readonly NumberReading[] Readings = [NumberReading.Grouped, NumberReading.Listed, NumberReading.DecimalComma];

    private readonly MathSettings _settings;
    private readonly AnswerFinder _extractor;
    private readonly GoldReader _golds;

    /// <param name="settings">The conventions; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public MathJudge(MathSettings? settings = null)
    {
        _settings = settings ?? new();
        _settings.Validate();
        _extractor = new(_settings);
        _golds = new(_settings, _extractor);
    }

    /// <summary>Judges a response.</summary>
    /// <param name="gold">The expected answer, or a solution that contains it.</param>
    /// <param name="response">The text to judge.</param>
    /// <param name="cutOff">
    /// The response ended at a length limit: an answer at its very end may be incomplete and is <see cref="MathVerdictKind.Unparseable"/>.
    /// </param>
    public MathVerdict Judge(string gold, string response, bool cutOff = false)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(response);
        Extracted? found = _extractor.Extract(response);
        if (_golds.Read(gold) is not { } expected)
        {
            return !cutOff && IsSaidIn(gold, response) is { } said
                ? new(MathVerdictKind.Correct, said)
                : new(MathVerdictKind.InvalidGold, null, Unreadable(gold));
        }

        if (found is not { } answer)
        {
            return !cutOff && AnswerText.Key(response) is { Length: > 0 } key && key == AnswerText.Key(gold)
                ? new(MathVerdictKind.Correct, response.Trim())
                : new(MathVerdictKind.Unparseable, null, "no answer in the response");
        }

        if (cutOff && answer.End >= _extractor.Body(response).TrimEnd().Length)
        {
            return new(MathVerdictKind.Unparseable, null, $"the response was cut off in or right after the answer {Shorten(answer.Text)}");
        }

        MathVerdict verdict = Compare(expected, answer);
        if (
            verdict.IsCorrect
            && answer.Beside is { } beside
            && Compare(expected, new(beside.Text, beside.IsPlain, 0)) is { Kind: MathVerdictKind.Wrong } other
        )
        {
            return other;
        }

        return !verdict.IsCorrect && IsInWords(gold) && IsSaidIn(gold, response) is { } words
            ? new(MathVerdictKind.Correct, words)
            : verdict;
    }

    /// <summary>"even $n$": of such a gold answer the words count, not the formula in it.</summary>
    private static bool IsInWords(string gold) =>
        gold.Length is > 3 and < 120 && char.IsLetter(gold[0]) && char.IsLetter(gold[1]) && gold.Contains(' ', StringComparison.Ordinal);

    /// <summary>The words of a gold answer that names no value, if the response gives the same ones.</summary>
    private string? IsSaidIn(string gold, string response)
    {
        string key = AnswerText.Key(gold);
        return key.Length == 0
            ? null
            : _extractor.InWords(response).Select(w => w.Trim()).FirstOrDefault(w => HaveSameText(key, AnswerText.Key(w)));
    }

    private static string Unreadable(string gold) => $"the gold answer '{Shorten(gold)}' names no value that can be read";

    /// <summary>Compares two bare answers (LaTeX or plain text) without extraction.</summary>
    public MathVerdict JudgeAnswer(string gold, string answer)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(answer);
        return Compare(new(gold, false, gold.Length), new(answer, false, answer.Length));
    }

    /// <summary>The answer in a text, as written there; null if there is none.</summary>
    public string? Extract(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _extractor.Extract(text)?.Text.Trim();
    }

    /// <summary>Extracts the answer from a gold text and checks that it can be parsed, for example before training starts.</summary>
    public MathGold ReadGold(string gold)
    {
        ArgumentNullException.ThrowIfNull(gold);
        if (_golds.Read(gold) is not { } found)
        {
            return new(null, Unreadable(gold));
        }

        bool isReadable = Readings.Any(reading => found.Read(reading) is not null);
        return new(found.Text.Trim(), isReadable ? null : $"the gold answer '{Shorten(found.Text)}' cannot be parsed");
    }

    private MathVerdict Compare(Extracted gold, Extracted answer)
    {
        string text = answer.Text.Trim();
        if (HaveSameText(AnswerText.Key(gold.Text), AnswerText.Key(answer.Text)))
        {
            return new(MathVerdictKind.Correct, text);
        }

        if (answer.IsOpen)
        {
            return new(MathVerdictKind.Wrong, text, $"expected {Shorten(gold.Text)}; the sentence names no single value");
        }

        Budget budget = new(_settings.Budget);
        bool goldRead = false,
            answerRead = false;
        foreach ((Extracted left, Extracted right, NumberReading reading) in PossibleReadings(gold, answer))
        {
            Node? expected = left.Read(reading),
                given = right.Read(reading);
            goldRead |= expected is not null;
            answerRead |= given is not null;
            if (expected is not null && given is not null && AreEqual(expected, given, budget))
            {
                return new(MathVerdictKind.Correct, text);
            }
        }

        if (!goldRead)
        {
            return new(MathVerdictKind.InvalidGold, null, $"the gold answer '{Shorten(gold.Text)}' cannot be parsed");
        }

        if (!answerRead)
        {
            return new(MathVerdictKind.Unparseable, null, $"the answer '{Shorten(text)}' cannot be parsed");
        }

        string detail = budget.IsSpent ? $"the comparison with {Shorten(gold.Text)} exceeds the budget" : $"expected {Shorten(gold.Text)}";
        return new(MathVerdictKind.Wrong, text, detail);
    }

    /// <summary>With \log to base 10 on both sides, or natural on both.</summary>
    private bool AreEqual(Node gold, Node answer, Budget budget)
    {
        AnswerComparer comparer = new(_settings, budget);
        if (comparer.AreEqual(gold, answer))
        {
            return true;
        }

        return _settings.LogIsNatural
            && (gold.Any(IsLogarithm) || answer.Any(IsLogarithm))
            && comparer.AreEqual(WithNaturalLogarithm(gold), WithNaturalLogarithm(answer));
    }

    private static bool IsLogarithm(Node node) => node is CallNode { Name: "log", Arguments.Length: 1 };

    private static Node WithNaturalLogarithm(Node node) =>
        node.MapParts(WithNaturalLogarithm) is var mapped && IsLogarithm(mapped) ? (CallNode)mapped with { Name = "ln" } : mapped;

    /// <summary>The same key, or the same words regardless of case and enclosing parentheses.</summary>
    private static bool HaveSameText(string gold, string answer)
    {
        if (answer.Length == 0)
        {
            return false;
        }

        return answer == gold
            || (
                AnswerText.IsWords(answer)
                && AnswerText.IsWords(gold)
                && string.Equals(answer.Trim('(', ')'), gold.Trim('(', ')'), StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>
    /// The readings of commas between digits (only ambiguous texts have more than one), and of "+-" between operands: as a sum with a
    /// negative number, then as ±.
    /// </summary>
    private static IEnumerable<(Extracted Gold, Extracted Answer, NumberReading Reading)> PossibleReadings(Extracted gold, Extracted answer)
    {
        yield return (gold, answer, NumberReading.Grouped);
        if (Answers.IsAmbiguous(gold.Text) || Answers.IsAmbiguous(answer.Text))
        {
            if (Answers.ShowsList(gold.Text) || Answers.ShowsList(answer.Text))
            {
                yield return (gold, answer, NumberReading.Listed);
            }

            yield return (gold, answer, NumberReading.DecimalComma);
        }

        if (gold.Text.Contains("+-", StringComparison.Ordinal) || answer.Text.Contains("+-", StringComparison.Ordinal))
        {
            yield return (WithChoice(gold), WithChoice(answer), NumberReading.Grouped);
        }
    }

    private static Extracted WithChoice(Extracted text) =>
        text with
        {
            Text = text.Text.Replace("+-", "±", StringComparison.Ordinal),
            Parsed = null,
        };

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
