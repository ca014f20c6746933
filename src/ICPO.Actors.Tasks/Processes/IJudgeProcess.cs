using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Tasks.Processes;

/// <summary>
/// How a batch ended: how many cases have their verdict, and if the process exited, what that means for the next case.
/// </summary>
/// <param name="Answered">Cases from the front that were answered.</param>
/// <param name="Alive">The process can continue.</param>
/// <param name="Fault">The verdict of the case that was being judged when the process exited; null if it may be retried.</param>
/// <param name="ExitReason">Why the process exited, as far as known.</param>
internal sealed record BatchEnd(int Answered, bool Alive, Judgment? Fault = null, string? ExitReason = null);

/// <summary>A process that judges cases, used by one thread at a time.</summary>
internal interface IJudgeProcess : IDisposable
{
    int Id { get; }

    /// <summary>Judges cases in order and answers each as soon as it has its verdict.</summary>
    BatchEnd Judge(IReadOnlyList<VerifierCase> cases);

    /// <summary>Kills the process and its children; called from any thread.</summary>
    void Kill();
}
