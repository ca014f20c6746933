using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.HealthChecks;
using ICPO.Actors.Progress;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ICPO.Actors.Tests.HealthChecks;

/// <summary>What health checks say of runs.</summary>
public sealed class RunHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly RunState Training = new("/runs/one", RunPhase.Training, TimeSpan.Zero);

    private static readonly RunState Failed = Training with { Phase = RunPhase.Failed, Error = "no memory" };

    public static TheoryData<HealthStatus, HealthStatus, HealthStatus, string> Cases =>
        new()
        {
            { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy, "" },
            { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy, "training" },
            { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy, "completed-long-ago" },
            { HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Healthy, "failed" },
            { HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Healthy, "failed training" },
            { HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Healthy, "finding" },
            { HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Healthy, "finding failed" },
            { HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Healthy, "training still" },
            { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Degraded, "away" },
            { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Degraded, "away-and-still" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Failed_and_stalled_are_unhealthy_findings_and_an_outage_degraded(
        HealthStatus runs,
        HealthStatus stalled,
        HealthStatus journal,
        string states
    )
    {
        ImmutableArray<RunState> all = [.. states.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(State)];

        Assert.Equal(
            (runs, stalled, journal),
            (RunHealth.Runs(all).Status, RunHealth.Stalled(all, Limit).Status, RunHealth.Journal(all).Status)
        );
        Assert.Equal(all.Select(run => run.Directory).Distinct().Count(), RunHealth.Runs(all).Data.Count);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Contains("no memory", RunHealth.Runs([Failed]).Description, StringComparison.Ordinal);
        Assert.Contains("/runs/one", RunHealth.Stalled([State("still")], Limit).Description, StringComparison.Ordinal);
        Assert.Contains("refused", RunHealth.Journal([State("away")]).Description, StringComparison.Ordinal);
        Assert.Contains("no-signal", RunHealth.Runs([State("finding")]).Description, StringComparison.Ordinal);
    }

    private static RunState State(string name) =>
        name switch
        {
            "failed" => Failed with { Directory = "/runs/failed" },
            "finding" => Training with { Findings = [new HealthFinding("no-signal", 3, 5, "no signal", "look")] },
            "still" => Training with { Directory = "/runs/one", Still = Limit + TimeSpan.FromSeconds(1) },
            "away" => Training with { JournalAway = "refused" },
            "away-and-still" => Training with { JournalAway = "refused", Still = 2 * Limit },
            "completed-long-ago" => Training with { Phase = RunPhase.Completed, Still = 9 * Limit },
            _ => Training with { Directory = "/runs/other" },
        };
}
