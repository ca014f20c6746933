using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>Settings of a <see cref="VerifierPool"/>.</summary>
public sealed record VerifierPoolSettings
{
    /// <summary>The maximum of timers and process waits.</summary>
    internal static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(24);

    /// <summary>One of <see cref="VerifierRegistry.Names"/>.</summary>
    public required string Verifier { get; init; }

    public VerifierSettings Settings { get; init; } = new();

    /// <summary>The task whose own verifier is <c>builtin</c>.</summary>
    public TaskSettings Task { get; init; } = new();

    public required WorkerExecutable Executable { get; init; }

    /// <summary>Maximum number of processes; they start on demand.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Time limit of one case.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Managed heap limit of a worker, in MB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>Time limit of a worker's start.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>The worker processes cannot be started.</summary>
public sealed class VerifierUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A case that waits for its verdict.</summary>
internal sealed class VerifierCase(Question question, string response, FinishReason finish)
{
    private readonly TaskCompletionSource<Judgment> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Question Question => question;

    public string Response => response;

    public FinishReason Finish => finish;

    /// <summary>Workers that exited for an unknown reason while they judged it.</summary>
    public int WorkerExits { get; set; }

    public Task<Judgment> Verdict => _answer.Task;

    public void Answer(Judgment judgment) => _answer.TrySetResult(judgment);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
