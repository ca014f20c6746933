using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;
using ICPO.MathAnswers.Extraction;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Compares the chosen option. The option is in the last box, otherwise (also after a box that names none) after the last "answer is",
/// "answer:", "correct option is", 答案是 or 故选, else in the last line; as a letter ("B", "(B)", "option B") or as the text of an option of
/// the question. The gold answer is either, too. Thoughts do not count; a response that names two options, or rules one out, chooses none.
/// </summary>
/// <param name="thoughtMarks">The marks around thoughts; default for the usual ones.</param>
public sealed partial class MultipleChoiceVerifier(ImmutableArray<string> thoughtMarks = default) : IVerifier, IGoldReader
{
    public const string VerifierName = "multiple-choice";

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new MultipleChoiceVerifier(context.Settings.Math.ThoughtMarks));

    private readonly Thoughts _thoughts = new(thoughtMarks.IsDefault ? ThoughtMarks.Default : thoughtMarks);

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

        (char? choice, string? why) = Find(_thoughts.Skip(response).Trim(), MultipleChoice.Options(question.Text));
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
            if (InBox(box, options) is { } chosen)
            {
                return chosen;
            }

            text = AroundBox(text, box);
        }

        if (Phrase().Match(text) is { Success: true } phrase)
        {
            string rest = text[(phrase.Index + phrase.Length)..].TrimStart(' ', ':', '：', '*', '\n', '\r');
            int end = SentenceEnd().Match(rest) is { Success: true } stop ? stop.Index : rest.Length;
            return One(rest[..end], options);
        }

        return One(text[(text.LastIndexOf('\n') + 1)..], options);
    }

    /// <summary>The option of a box, or why it has none; null for a formula, whose letters are not options.</summary>
    private static (char? Choice, string? Why)? InBox(string box, FrozenDictionary<char, string> options)
    {
        if (MultipleChoice.Choice(box, options) is { } whole)
        {
            return (whole, null);
        }

        if (MultipleChoice.IsFormula(box))
        {
            return null;
        }

        (char? Choice, string? Why) named = One(box, options);
        return named.Choice is null && !MultipleChoice.Letters(box).Any(l => options.Count == 0 || options.ContainsKey(l)) ? null : named;
    }

    /// <summary>A box that names no option contains a step: the option is named after it, otherwise before it.</summary>
    private static string AroundBox(string text, string box)
    {
        int start = text.LastIndexOf("\\boxed", StringComparison.Ordinal),
            end = text.IndexOf(box, start, StringComparison.Ordinal) is >= 0 and var at ? at + box.Length : start;
        string behind = text[end..].TrimStart('}', ' ', '$', '\n', '\r', '\\', ')', ']', '.').TrimEnd();
        return !Phrase().IsMatch(behind) && Phrase().IsMatch(text[..start]) ? text[..start] : behind;
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
