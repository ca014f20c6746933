using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Tests;

/// <summary>Asks a verifier about a response to one question.</summary>
internal static class VerifierCalls
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static Task<Judgment> JudgeAsync(this IVerifier verifier, string response) =>
        verifier
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = "1 + 1?",
                    Answer = "2",
                },
                response,
                FinishReason.Stop,
                CancellationToken.None
            )
            .AsTask()
            .WaitAsync(Deadline);
}
