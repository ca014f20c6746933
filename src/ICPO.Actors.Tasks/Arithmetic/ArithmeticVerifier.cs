using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>
/// The verifier of the task <c>arithmetic</c>: the response must have ended, and the number of its last "answer is N" counts. Without one,
/// <see cref="ArithmeticReward.Strict"/> gives no reward and <see cref="ArithmeticReward.Lenient"/> uses the last number.
/// </summary>
public sealed partial class ArithmeticVerifier(ArithmeticReward reward) : IVerifier
{
    public string Name => BuiltinVerifier.VerifierName;

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        // The gold answer of a demonstration asked as a question is its worked answer.
        string gold = Stated().Match(question.Answer) is { Success: true } stated ? stated.Groups["number"].Value : question.Answer;
        return ValueTask.FromResult(Judge(gold, response, finish));
    }

    private Judgment Judge(string gold, string response, FinishReason finish)
    {
        if (finish != FinishReason.Stop)
        {
            return Judgment.Unparseable("the response did not end");
        }

        Match found = Stated().Match(response);
        if (!found.Success && reward == ArithmeticReward.Lenient)
        {
            found = LastNumber().Match(response);
        }

        string number = found.Groups["number"].Value;
        if (!found.Success)
        {
            return Judgment.Unparseable(reward == ArithmeticReward.Strict ? "no \"answer is N\"" : "no number");
        }

        if (number == gold)
        {
            return Judgment.Correct(number);
        }

        return Judgment.Wrong(number, $"expected {gold}");
    }

    // The whole number counts: 145.5 and 1456 are not 145, but the period of a sentence is not part of it.
    [GeneratedRegex(@"answer is (?<number>-?[0-9]+(?:[.,][0-9]+)*)", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Stated();

    [GeneratedRegex(@"(?<number>(?<![0-9])-?[0-9]+(?:[.,][0-9]+)*)", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex LastNumber();
}
