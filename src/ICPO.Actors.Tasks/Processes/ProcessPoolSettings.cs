namespace ICPO.Actors.Tasks.Processes;

/// <summary>Settings of a <see cref="ProcessPool"/>.</summary>
internal sealed record ProcessPoolSettings
{
    /// <summary>The maximum of timers and process waits.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(24);

    /// <summary>The verifier's name in errors.</summary>
    public required string Name { get; init; }

    /// <summary>Maximum number of processes; they start on demand.</summary>
    public required int Workers { get; init; }

    /// <summary>Maximum number of cases that a process gets at once.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>
    /// Starts a process; calls its argument as soon as the process exists, so that another thread can kill it. Throws
    /// <see cref="ArgumentException"/> if the process refuses its settings, <see cref="IOException"/> if it does not start.
    /// </summary>
    public required Func<Action<IJudgeProcess>, IJudgeProcess> Start { get; init; }

    /// <summary>The error if processes do not start or do not answer, from the reason: a sentence that names the fix.</summary>
    public required Func<string, string> Unavailable { get; init; }

    /// <summary>
    /// Processes in a row that exit without an answer before the verifier is unavailable, as long as none has answered; null for no limit.
    /// </summary>
    public int? MaxExits { get; init; }
}
