using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>Settings of a <see cref="VerifierPool"/>.</summary>
public sealed record VerifierPoolSettings
{
    /// <summary>The maximum of timers and process waits.</summary>
    internal static readonly TimeSpan MaxTimeout = ProcessPoolSettings.MaxTimeout;

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
