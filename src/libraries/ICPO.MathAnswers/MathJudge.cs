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

    /// <param name="settings">The conventions; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public MathJudge(MathSettings? settings = null)
    {
        _settings = settings ?? new();
        _settings.Validate();
        _extractor = new(_settings);
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
        Extracted? found = _extractor.Extract(response, false);
        if (_extractor.Extract(gold, true) is not { } expected)
        {
            return gold.Trim() is { Length: > 0 } text && found is { } words && AnswerText.Key(words.Text) == AnswerText.Key(text)
                ? new(MathVerdictKind.Correct, words.Text)
                : new(MathVerdictKind.InvalidGold, null, $"no answer was found in the gold answer '{Shorten(gold)}'");
        }

        if (found is not { } answer)
        {
            return !cutOff && AnswerText.Key(response) is { Length: > 0 } key && key == AnswerText.Key(gold)
                ? new(MathVerdictKind.Correct, response.Trim())
                : new(MathVerdictKind.Unparseable, null, "no answer in the response");
        }

        return cutOff && answer.End >= (_settings.SkipThoughts ? Thoughts.Skip(response) : response).TrimEnd().Length
            ? new(MathVerdictKind.Unparseable, null, $"the response was cut off in or right after the answer {Shorten(answer.Text)}")
            : Compare(expected, answer);
    }

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
        return _extractor.Extract(text, false)?.Text.Trim();
    }

    /// <summary>Extracts the answer from a gold text and checks that it can be parsed, for example before training starts.</summary>
    public MathGold ReadGold(string gold)
    {
        ArgumentNullException.ThrowIfNull(gold);
        if (_extractor.Extract(gold, true) is not { } found)
        {
            return new(null, $"no answer was found in the gold answer '{Shorten(gold)}'");
        }

        bool isReadable = Readings.Any(reading => Answers.Read(found.Text, reading, found.IsPlain) is not null);
        return new(found.Text.Trim(), isReadable ? null : $"the gold answer '{Shorten(found.Text)}' cannot be parsed");
    }

    private MathVerdict Compare(Extracted gold, Extracted answer)
    {
        string text = answer.Text.Trim();
        if (HaveSameText(AnswerText.Key(gold.Text), AnswerText.Key(answer.Text)))
        {
            return new(MathVerdictKind.Correct, text);
        }

        Budget budget = new(_settings.Budget);
        bool goldRead = false,
            answerRead = false;
        foreach (NumberReading reading in PossibleReadings(gold.Text, answer.Text))
        {
            Node? expected = Answers.Read(gold.Text, reading, gold.IsPlain),
                given = Answers.Read(answer.Text, reading, answer.IsPlain);
            goldRead |= expected is not null;
            answerRead |= given is not null;
            if (expected is not null && given is not null && new AnswerComparer(_settings, budget).AreEqual(expected, given))
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

    /// <summary>How commas between digits can be read; only ambiguous texts have more than one reading.</summary>
    private static IEnumerable<NumberReading> PossibleReadings(string gold, string answer)
    {
        if (!Answers.IsAmbiguous(gold) && !Answers.IsAmbiguous(answer))
        {
            return [NumberReading.Grouped];
        }

        return Answers.ShowsList(gold) || Answers.ShowsList(answer) ? Readings : Readings.Where(r => r != NumberReading.Listed);
    }

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
