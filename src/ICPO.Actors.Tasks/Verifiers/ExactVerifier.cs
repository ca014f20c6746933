using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Correct if the response, without surrounding white space and its stop string, equals the trimmed gold answer. An empty gold answer is a
/// fault of the data.
/// </summary>
public sealed class ExactVerifier(VerifierSettings settings) : IVerifier, IGoldReader
{
    public const string VerifierName = "exact";

    public static VerifierDescriptor Descriptor { get; } = new(VerifierName, context => new ExactVerifier(context.Settings));

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.Answer.Trim() is { Length: > 0 } gold ? new(gold) : new(null, "the gold answer is empty");
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        if (ReadGold(question).Problem is { } problem)
        {
            return ValueTask.FromResult(Judgment.Crashed($"question {question.Id}: {problem}"));
        }

        string answer = ResponseText.Strip(response, settings.StopStrings);
        StringComparison comparison = settings.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (string.Equals(answer, question.Answer.Trim(), comparison))
        {
            return ValueTask.FromResult(Judgment.Correct(answer));
        }

        return ValueTask.FromResult(answer.Length == 0 ? Judgment.Unparseable("the response is empty") : Judgment.Wrong(answer));
    }
}
