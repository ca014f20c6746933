using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Progress;

namespace ICPO.Actors.Metrics;

/// <summary>
/// Derives a run's progress from its events; each method returns the new state. Pure: time is an argument.
/// </summary>
public sealed class ProgressTracker(long committed, long updates)
{
    private (TimeSpan Elapsed, long Update)? _trainingSince;

    public RunProgress Last { get; private set; } =
        new()
        {
            Phase = RunPhase.Starting,
            Update = committed,
            Updates = updates,
            Elapsed = TimeSpan.Zero,
        };

    public RunProgress PhaseEntered(RunPhase phase, string? message, TimeSpan elapsed)
    {
        if (phase == RunPhase.Training)
        {
            _trainingSince ??= (elapsed, Last.Update);
        }

        return Set(Last with { Phase = phase, Message = message }, elapsed);
    }

    public RunProgress Noted(string message, TimeSpan elapsed) => Set(Last with { Message = message }, elapsed);

    /// <summary>Rollouts were leased once more; published with the next change.</summary>
    public void LeasedAgain(int rollouts) => Last = Last with { RolloutsLeasedAgain = Last.RolloutsLeasedAgain + rollouts };

    /// <param name="active">Findings that hold now.</param>
    /// <param name="finding">The one that is new.</param>
    /// <param name="elapsed">Time of the run so far.</param>
    public RunProgress HealthReported(ImmutableArray<HealthFinding> active, HealthFinding finding, TimeSpan elapsed) =>
        Set(Last with { Health = active, Message = finding.ToString() }, elapsed);

    public RunProgress Evaluated(PolicyVersion version, double accuracy, TimeSpan elapsed) =>
        Set(Last with { Accuracy = accuracy, AccuracyAt = version.Value }, elapsed);

    /// <param name="version">The version that the update made.</param>
    /// <param name="metrics">By the names of docs/metrics.md.</param>
    /// <param name="active">Health findings that hold after it.</param>
    /// <param name="elapsed">Time of the run so far.</param>
    public RunProgress Updated(
        PolicyVersion version,
        IReadOnlyDictionary<string, double> metrics,
        ImmutableArray<HealthFinding> active,
        TimeSpan elapsed
    )
    {
        (TimeSpan since, long first) = _trainingSince ?? (TimeSpan.Zero, 0);
        long update = version.Value;
        return Set(
            Last with
            {
                Phase = Last.Phase == RunPhase.Starting ? RunPhase.Training : Last.Phase,
                Update = update,
                Reward = metrics.TryGetValue("reward/mean/policy", out double reward) ? reward : null,
                GeneratedTokensPerSecond = metrics["tokens/generated_per_second"],
                TrainedTokensPerSecond = metrics["tokens/trained_per_second"],
                StalenessMean = metrics["staleness/mean"],
                StalenessMax = (long)metrics["staleness/max"],
                ExpertAccepted = metrics.TryGetValue("expert/acceptance_rate", out double accepted) ? accepted : null,
                Remaining = update > first ? (elapsed - since) / (update - first) * (updates - update) : null,
                Health = active,
                Message = null,
            },
            elapsed
        );
    }

    private RunProgress Set(RunProgress progress, TimeSpan elapsed) => Last = progress with { Elapsed = elapsed };
}
