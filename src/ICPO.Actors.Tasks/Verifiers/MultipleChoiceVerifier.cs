using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Compares the chosen option. The option is in the last box, else after the last "answer is", "answer:", "correct option is", 答案是 or 故选,
/// else in the last line; as a letter ("B", "(B)", "option B") or as the text of an option of the question. The gold answer is either, too.
/// Thoughts do not count; a response that names two options, or rules one out, chooses none.
/// </summary>
public sealed partial class MultipleChoiceVerifier : IVerifier, IGoldReader
{
    public const string VerifierName = "multiple-choice";

    public static VerifierDescriptor Descriptor { get; } = new(VerifierName, context => new MultipleChoiceVerifier());

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        string gold = MathText.LastBox(question.Answer) ?? question.Answer;
        return MultipleChoice.Choice(gold, MultipleChoice.Options(question.Text)) is { } letter
            ? new($"{letter}")
            : new(
                null,
                $"the gold answer '{(gold.Length <= 80 ? gold : gold[..77] + "...")}' is neither a letter nor the text of an "
                    + "option of the question"
            );
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        GoldAnswer gold = ReadGold(question);
        if (gold.Problem is { } problem)
        {
            return ValueTask.FromResult(Judgment.Crashed($"question {question.Id}: {problem}"));
        }

        (char? choice, string? why) = Find(MathText.SkipThoughts(response).Trim(), MultipleChoice.Options(question.Text));
        if (choice is null)
        {
            return ValueTask.FromResult(Judgment.Unparseable(why));
        }

        return ValueTask.FromResult(
            gold.Extracted == $"{choice}" ? Judgment.Correct($"{choice}") : Judgment.Wrong($"{choice}", $"expected {gold.Extracted}")
        );
    }

    private static (char? Choice, string? Why) Find(string text, FrozenDictionary<char, string> options)
    {
        if (text.Length == 0)
        {
            return (null, "no answer in the response");
        }

        if (MathText.LastBox(text) is { } box)
        {
            return One(box, options);
        }

        if (Phrase().Match(text) is { Success: true } phrase)
        {
            string rest = text[(phrase.Index + phrase.Length)..].TrimStart(' ', ':', '：', '*', '\n', '\r');
            int end = SentenceEnd().Match(rest) is { Success: true } stop ? stop.Index : rest.Length;
            return One(rest[..end], options);
        }

        return One(text[(text.LastIndexOf('\n') + 1)..], options);
    }

    private static (char? Choice, string? Why) One(string text, FrozenDictionary<char, string> options)
    {
        if (MultipleChoice.Choice(text, options) is { } whole)
        {
            return (whole, null);
        }

        if (RuledOut().IsMatch(text))
        {
            return (null, "an option is ruled out, which does not choose another");
        }

        return MultipleChoice.Letters(Reason().Replace(text, "")) switch
        {
            [var only] when options.Count == 0 || options.ContainsKey(only) => (only, null),
            [_, _, ..] => (null, "more than one option is named"),
            _ => (null, "no option where the answer is expected"),
        };
    }

    [GeneratedRegex(
        @"\banswer(?:\s+is|\s*:|\*\*\s*:|:\*\*)|\b(?:correct|right)\s+(?:option|choice)\s+is|答案\s*(?:是|为|[:：])|故选[:：]?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft
    )]
    private static partial Regex Phrase();

    /// <summary>The end of a line, or a period before a space, but not the one of "B. Paris".</summary>
    [GeneratedRegex(@"\n|。|(?<![^A-Za-z][A-J]|\A[A-J])[.!?](?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"(?:\bnot|n['’]t)[^\w.!?\n]+(?:option\W+|choice\W+)?[A-J]\b", RegexOptions.CultureInvariant)]
    private static partial Regex RuledOut();

    /// <summary>"B, since A is in England" names one option.</summary>
    [GeneratedRegex(@"(?<=\b[A-J]\b[^A-Za-z]*)\b(?:because|since)\b.*", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Reason();
}
