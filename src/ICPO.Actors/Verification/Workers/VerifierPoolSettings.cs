using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>What a <see cref="VerifierPool"/> needs.</summary>
public sealed record VerifierPoolSettings
{
    /// <summary>One of <see cref="VerifierRegistry.Names"/>.</summary>
    public required string Verifier { get; init; }

    public VerifierSettings Settings { get; init; } = new();

    /// <summary>The task whose own verifier is meant by <c>builtin</c>.</summary>
    public TaskSettings Task { get; init; } = new();

    public required WorkerExecutable Executable { get; init; }

    /// <summary>Processes at most; they start as there is work.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Longest work on one case.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest managed heap of a worker, in MB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>Longest start of a worker.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>The worker processes cannot be started.</summary>
public sealed class VerifierUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A case on its way.</summary>
internal sealed class VerifierCase(Question question, string response, FinishReason finish)
{
    private readonly TaskCompletionSource<Judgment> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Question Question => question;

    public string Response => response;

    public FinishReason Finish => finish;

    /// <summary>Workers that ended under it for no known reason.</summary>
    public int Deaths { get; set; }

    public Task<Judgment> Verdict => _answer.Task;

    public void Answer(Judgment judgment) => _answer.TrySetResult(judgment);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
