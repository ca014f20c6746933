using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>Settings of verification.</summary>
/// <param name="Verifier">Name of the verifier.</param>
/// <param name="Settings">Options of the verifiers.</param>
/// <param name="Timeout">A verdict that takes longer is <see cref="Verdict.TimedOut"/>.</param>
/// <param name="Parallel">Maximum number of concurrent verdicts; 0 is one per core.</param>
public sealed record VerificationSettings(string Verifier, VerifierSettings Settings, TimeSpan Timeout, int Parallel)
{
    /// <summary>The task whose own verifier <c>builtin</c> refers to.</summary>
    public TaskSettings Task { get; init; } = new();

    /// <summary>What becomes of questions whose gold answer the verifier cannot read.</summary>
    public UnreadableGolds UnreadableGolds { get; init; }

    public VerifierIsolation Isolation { get; init; } = VerifierIsolation.Auto;

    /// <summary>Maximum managed heap of a worker process, in MB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>The program that worker processes run; empty is icpo itself.</summary>
    public string Executable { get; init; } = "";
}

/// <summary>What becomes of questions whose gold answer the verifier cannot read.</summary>
public enum UnreadableGolds
{
    /// <summary>They are skipped and counted.</summary>
    LeaveOut,

    /// <summary>The run does not start.</summary>
    Stop,
}

/// <summary>The isolation of built-in verifiers.</summary>
public enum VerifierIsolation
{
    /// <summary>In worker processes if a response could make the verifier run for very long, otherwise on threads.</summary>
    Auto,

    /// <summary>In supervised worker processes.</summary>
    Process,

    /// <summary>On threads of this process.</summary>
    Thread,
}
