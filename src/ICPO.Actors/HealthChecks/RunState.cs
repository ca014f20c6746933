using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Progress;

namespace ICPO.Actors.HealthChecks;

/// <summary>A run as health checks see it.</summary>
/// <param name="Directory">The run's directory.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="Still">How long phase, update and evaluation have been the same.</param>
internal sealed record RunState(string Directory, RunPhase Phase, TimeSpan Still)
{
    /// <summary>Committed updates.</summary>
    public long Update { get; init; }

    /// <summary>T.</summary>
    public long Updates { get; init; }

    /// <summary>Current signs that the run does not learn.</summary>
    public ImmutableArray<HealthFinding> Findings { get; init; } = [];

    /// <summary>Why the journal does not answer now; null while it does.</summary>
    public string? JournalAway { get; init; }

    /// <summary>Why the run failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>True while it has not ended.</summary>
    public bool IsActive => Phase is not (RunPhase.Completed or RunPhase.Stopped or RunPhase.Failed);
}
