using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;
using ICPO.MathAnswers.Equivalence;
using ICPO.MathAnswers.Extraction;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Judges answers of mathematics: finds the answer in the response and in the gold text, reads both by one grammar and compares what they
/// mean, by the conventions of <see cref="MathSettings"/>. Every step has a bound, so any text gets its verdict in milliseconds.
/// Correct: the same. Wrong: an answer, but another one, or one whose comparison exceeds its budget. Unparseable: no answer, or none that
/// can be
/// read. A gold answer that cannot be read is a fault of the data (Crashed) unless the response has the same text.
/// </summary>
public sealed class MathVerifier : IVerifier, IGoldReader
{
    public const string VerifierName = "math";

    private static readonly NumberReading[] Readings = [NumberReading.Grouped, NumberReading.Listed, NumberReading.DecimalComma];

    private readonly MathSettings _settings;
    private readonly AnswerExtractor _extractor;

    public MathVerifier(MathSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Order.IsDefaultOrEmpty)
        {
            throw new ArgumentException(
                "The order of the math verifier names no place to look for an answer; name at least one.",
                nameof(settings)
            );
        }

        if (
            settings.Budget < 100
            || settings.IrrationalDecimals < 1
            || settings.RoundTo is < 0 or > 15
            || !(settings.RelativeTolerance is >= 0 and < 1)
        )
        {
            throw new ArgumentException(
                "The math verifier needs Budget >= 100, IrrationalDecimals >= 1, RoundTo in 0..15 (or none) and 0 <= RelativeTolerance < 1.",
                nameof(settings)
            );
        }

        _settings = settings;
        _extractor = new(settings);
    }

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return _extractor.Extract(question.Answer, true) is not { } found
                ? new(null, $"the gold answer holds nothing that can be read: '{Shortened(question.Answer)}'")
            : Readings.Any(r => Answers.Read(found.Text, r, found.IsPlain) is not null) ? new(found.Text.Trim())
            : new(found.Text.Trim(), $"the gold answer cannot be read: '{Shortened(found.Text)}'");
    }

    public ValueTask<Judgement> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        Judgement judgement = Judge(question.Answer, response, finish);
        return ValueTask.FromResult(
            judgement.IsFault ? judgement with { Detail = $"question {question.Id}: {judgement.Detail}" } : judgement
        );
    }

    /// <summary>The verdict on a response; <paramref name="gold"/> is an answer, or a solution that holds one.</summary>
    public Judgement Judge(string gold, string response, FinishReason finish = FinishReason.Stop)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(response);
        if (_extractor.Extract(gold, true) is not { } expected)
        {
            return
                gold.Trim() is { Length: > 0 } text
                && _extractor.Extract(response, false) is { } words
                && AnswerText.Key(words.Text) == AnswerText.Key(text)
                ? Judgement.Correct(words.Text)
                : Judgement.Crashed($"the gold answer holds nothing that can be read: '{Shortened(gold)}'");
        }

        if (_extractor.Extract(response, false) is not { } found)
        {
            return finish != FinishReason.Length && AnswerText.Key(response) is { Length: > 0 } key && key == AnswerText.Key(gold)
                ? Judgement.Correct(response.Trim())
                : Judgement.Unparseable("no answer in the response");
        }

        return finish == FinishReason.Length && found.End >= (_settings.SkipThoughts ? Thoughts.Skip(response) : response).TrimEnd().Length
            ? Judgement.Unparseable($"the response was cut off in or right after the answer {Shortened(found.Text)}")
            : Compare(expected, found);
    }

    /// <summary>The answer of a text as it stands there; null where it has none.</summary>
    public string? Extract(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _extractor.Extract(text, false)?.Text.Trim();
    }

    /// <summary>The verdict on a bare answer (LaTeX or plain), without looking for it.</summary>
    public Judgement JudgeAnswer(string gold, string answer)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(answer);
        return Compare(new(gold, false, gold.Length), new(answer, false, answer.Length));
    }

    private Judgement Compare(Extracted gold, Extracted answer)
    {
        string text = answer.Text.Trim(),
            goldKey = AnswerText.Key(gold.Text),
            key = AnswerText.Key(answer.Text);
        if (
            key.Length > 0
            && (
                key == goldKey
                || (
                    AnswerText.IsWords(key)
                    && AnswerText.IsWords(goldKey)
                    && string.Equals(key.Trim('(', ')'), goldKey.Trim('(', ')'), StringComparison.OrdinalIgnoreCase)
                )
            )
        )
        {
            return Judgement.Correct(text);
        }

        Budget budget = new(_settings.Budget);
        bool ambiguous = Answers.IsAmbiguous(gold.Text) || Answers.IsAmbiguous(answer.Text);
        bool goldRead = false,
            answerRead = false;
        bool listed = ambiguous && (Answers.ShowsList(gold.Text) || Answers.ShowsList(answer.Text));
        foreach (NumberReading reading in ambiguous ? Readings : Readings.AsSpan(0, 1))
        {
            if (reading == NumberReading.Listed && !listed)
            {
                continue;
            }

            Node? expected = Answers.Read(gold.Text, reading, gold.IsPlain),
                given = Answers.Read(answer.Text, reading, answer.IsPlain);
            goldRead |= expected is not null;
            answerRead |= given is not null;
            if (expected is not null && given is not null && new AnswerComparer(_settings, budget).AreEqual(expected, given))
            {
                return Judgement.Correct(text);
            }
        }

        return !goldRead ? Judgement.Crashed($"the gold answer cannot be read: '{Shortened(gold.Text)}'")
            : !answerRead ? Judgement.Unparseable($"'{Shortened(text)}' cannot be read as an answer")
            : Judgement.Wrong(
                text,
                budget.IsSpent ? $"comparing it with {Shortened(gold.Text)} exceeds the budget" : $"expected {Shortened(gold.Text)}"
            );
    }

    private static string Shortened(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
