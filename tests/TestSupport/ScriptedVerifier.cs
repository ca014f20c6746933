using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace TestSupport;

/// <summary>A verifier whose verdicts a test supplies.</summary>
public sealed class ScriptedVerifier(Func<string, CancellationToken, Task<Judgment>> verify) : IVerifier
{
    public string Name => "scripted";

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        new(verify(response, cancellationToken));
}
