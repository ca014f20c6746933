using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Processes;

/// <summary>A case that waits for its verdict.</summary>
internal sealed class VerifierCase(Question question, string response, FinishReason finish)
{
    private readonly TaskCompletionSource<Judgment> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Question Question => question;

    public string Response => response;

    public FinishReason Finish => finish;

    /// <summary>Processes that exited for an unknown reason while they judged it.</summary>
    public int ProcessExits { get; set; }

    public Task<Judgment> Verdict => _answer.Task;

    public void Answer(Judgment judgment) => _answer.TrySetResult(judgment);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
