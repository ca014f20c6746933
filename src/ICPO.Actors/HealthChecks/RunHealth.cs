using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ICPO.Actors.HealthChecks;

/// <summary>Judges the runs of a host app. Pure.</summary>
internal static class RunHealth
{
    /// <summary>A failed run is unhealthy; one whose health rules report something is degraded.</summary>
    public static HealthCheckResult Runs(ImmutableArray<RunState> runs)
    {
        IReadOnlyDictionary<string, object> data = runs.ToDictionary(
            run => run.Directory,
            object (run) => $"{run.Phase}, update {run.Update} of {run.Updates}"
        );
        string[] failed = [.. runs.Where(run => run.Error is not null).Select(run => $"{run.Directory} has failed: {run.Error}")];
        if (failed.Length > 0)
        {
            return HealthCheckResult.Unhealthy(string.Join("; ", failed), data: data);
        }

        string[] findings =
        [
            .. runs.Where(run => run.IsActive).SelectMany(run => run.Findings.Select(finding => $"{run.Directory}: {finding}")),
        ];
        int active = runs.Count(run => run.IsActive);
        return findings.Length > 0
            ? HealthCheckResult.Degraded(string.Join("; ", findings), data: data)
            : HealthCheckResult.Healthy($"{active} active {(active == 1 ? "run" : "runs")}.", data);
    }

    /// <summary>A run without progress for too long is unhealthy, unless it waits for its journal.</summary>
    public static HealthCheckResult Stalled(ImmutableArray<RunState> runs, TimeSpan limit)
    {
        string[] stalled =
        [
            .. runs.Where(run => run.IsActive && run.JournalAway is null && run.Still > limit)
                .Select(run => $"{run.Directory}: no progress for {run.Still.TotalMinutes:0} min, {run.Phase} at update {run.Update}"),
        ];
        return stalled.Length > 0
            ? HealthCheckResult.Unhealthy($"{string.Join("; ", stalled)}; see its run.log.")
            : HealthCheckResult.Healthy();
    }

    /// <summary>A run whose journal does not respond is degraded: it continues when the journal responds again.</summary>
    public static HealthCheckResult Journal(ImmutableArray<RunState> runs)
    {
        string[] away =
        [
            .. runs.Where(run => run is { IsActive: true, JournalAway: not null }).Select(run => $"{run.Directory}: {run.JournalAway}"),
        ];
        return away.Length > 0 ? HealthCheckResult.Degraded(string.Join("; ", away)) : HealthCheckResult.Healthy();
    }
}
