using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace TestSupport;

/// <summary>Accepts a response that begins with the answer.</summary>
public sealed class ParityVerifier : IVerifier
{
    public string Name => "parity";

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        new(
            response.StartsWith(question.Answer, StringComparison.Ordinal) ? Judgment.Correct(response[..1]) : Judgment.Wrong(response[..1])
        );
}
