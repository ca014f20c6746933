using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Verification;

/// <summary>Calls a verifier with a deadline; the result is always a judgment.</summary>
public static class VerifierExtensions
{
    /// <summary>
    /// The verdict; <see cref="Verdict.TimedOut"/> where it is late, <see cref="Verdict.Crashed"/> where the verifier threw. It runs on
    /// the thread pool, so a verifier that ignores its token cannot block the caller.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled.</exception>
    /// <exception cref="VerifierUnavailableException">The verifier's worker processes do not start.</exception>
    public static async Task<Judgment> JudgeAsync(
        this IVerifier verifier,
        Question question,
        string response,
        FinishReason finish,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        if (verifier.EnforcesDeadline)
        {
            // The pool measures the time of each case from the start in a worker. Its own exceptions are not verdicts: they end the run.
            return Checked(await verifier.VerifyAsync(question, response, finish, cancellationToken).ConfigureAwait(false));
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            Judgment? judgment = await Task.Run(
                    () => verifier.VerifyAsync(question, response, finish, deadline.Token).AsTask(),
                    deadline.Token
                )
                .WaitAsync(deadline.Token)
                .ConfigureAwait(false);
            return Checked(judgment);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Judgment.TimedOut($"no verdict within {timeout.TotalSeconds} s");
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return Judgment.Crashed($"{error.GetType().Name}: {error.Message}");
        }
    }

    private static Judgment Checked(Judgment? judgment) => judgment?.Checked() ?? Judgment.Crashed("it returned nothing");
}
