using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification;

/// <summary>A verifier on threads of this process, with a deadline for each case.</summary>
internal sealed class DeadlineVerifier(IVerifier verifier, TimeSpan timeout) : IVerifier, IGoldReader
{
    public string Name => verifier.Name;

    public bool EnforcesDeadline => true;

    public GoldAnswer ReadGold(Question question) => (verifier as IGoldReader)?.ReadGold(question) ?? new(null);

    public async ValueTask<Judgment> VerifyAsync(
        Question question,
        string response,
        FinishReason finish,
        CancellationToken cancellationToken
    ) => await verifier.JudgeAsync(question, response, finish, timeout, cancellationToken).ConfigureAwait(false);
}
