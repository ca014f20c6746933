using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Verification.Workers;

namespace ICPO.Actors.Verification;

/// <summary>Asks a verifier under a deadline; whatever it does, there is a judgment.</summary>
public static class VerifierExtensions
{
    /// <summary>
    /// The verdict; <see cref="Verdict.TimedOut"/> where none came in time, <see cref="Verdict.Crashed"/> where it threw. It runs on
    /// the thread pool and is waited for from outside, so one that ignores its token cannot hold the caller.
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
        if (verifier is VerifierPool pool)
        {
            // It times every case itself, from when a worker begins; workers that do not start are nobody's fault but end the run.
            return await pool.VerifyAsync(question, response, finish, cancellationToken).ConfigureAwait(false);
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
            return judgment ?? Judgment.Crashed("it returned nothing");
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
}
