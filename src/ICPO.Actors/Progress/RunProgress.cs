using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;

namespace ICPO.Actors.Progress;

/// <summary>The phase of a run.</summary>
public enum RunPhase
{
    Starting,
    Training,
    Evaluating,
    Stopping,
    Completed,
    Stopped,
    Failed,
}

/// <summary>Progress of a run; published after every update, every evaluation and every change of phase.</summary>
public sealed record RunProgress
{
    public required RunPhase Phase { get; init; }

    /// <summary>Committed updates.</summary>
    public required long Update { get; init; }

    /// <summary>T.</summary>
    public required long Updates { get; init; }

    /// <summary>Zero-shot accuracy on held-out questions at the last evaluation, in [0, 1].</summary>
    public double? Accuracy { get; init; }

    /// <summary>The update evaluated last.</summary>
    public long? AccuracyAt { get; init; }

    /// <summary>Mean reward of the policy-origin rollouts of the last update.</summary>
    public double? Reward { get; init; }

    /// <summary>Sampled tokens per second since the previous progress.</summary>
    public double GeneratedTokensPerSecond { get; init; }

    /// <summary>Trained tokens per second since the previous progress.</summary>
    public double TrainedTokensPerSecond { get; init; }

    /// <summary>Mean token staleness of the last update, in updates.</summary>
    public double StalenessMean { get; init; }

    /// <summary>Largest token staleness of the last update.</summary>
    public long StalenessMax { get; init; }

    /// <summary>Accepted share of the expert rollouts of the last update; null if the preset has none.</summary>
    public double? ExpertAccepted { get; init; }

    /// <summary>Rollouts that were leased once more since this start: what failures of workers and of the core cost.</summary>
    public long RolloutsLeasedAgain { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Estimated remaining time; null before the first update.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Current signs that the run does not learn.</summary>
    public ImmutableArray<HealthFinding> Health { get; init; } = [];

    /// <summary>A message for the user; null without one.</summary>
    public string? Message { get; init; }
}
