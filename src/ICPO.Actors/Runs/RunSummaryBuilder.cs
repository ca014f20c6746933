using System.Diagnostics;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>The outcome of a run.</summary>
/// <param name="State"><c>completed</c>, <c>stopped</c> or <c>failed</c>.</param>
/// <param name="Version">The last committed update.</param>
/// <param name="Before">Accuracy before training, if it was measured.</param>
/// <param name="After">The evaluation after training, if there was one.</param>
/// <param name="Account">The ledger.</param>
internal sealed record RunOutcome(
    string State,
    PolicyVersion Version,
    double? Before,
    VersionEvaluated? After,
    MetricsActor.Account Account
);

/// <summary>Builds the summary of a run that has ended.</summary>
internal static class RunSummaryBuilder
{
    public static RunSummary Build(RunContext run, RunClock clock, RunOutcome outcome)
    {
        Ledger ledger = outcome.Account.Ledger;
        using var process = Process.GetCurrentProcess();
        AccuracyReport? accuracy = outcome.After?.Report.Accuracy();
        return new RunSummary
        {
            Preset = run.Settings.Preset,
            Task = run.Task.Name,
            Seed = run.Settings.Seed,
            State = outcome.State,
            AccuracyBefore = outcome.Before,
            AccuracyAfter = accuracy?.Overall.Value,
            AccuracyAfterByTag = accuracy?.ByTag.ToDictionary(tag => tag.Key, tag => tag.Value.Value) ?? [],
            Questions = run.Settings.Evaluation.FinalQuestions,
            Updates = outcome.Version.Value,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 2),
            TokensGenerated =
                run.Settings.Expert.Source == ExpertSource.Trace ? ledger.Generated.Policy.Tokens : ledger.Generated.Total.Tokens,
            TokensTrained = ledger[LedgerEntry.Consumed].Total.Tokens,
            PeakMemoryBytes = process.PeakWorkingSet64,
            GroupsAdmitted = ledger.GroupsAdmitted,
            GroupsRejected = ledger.GroupsRejected,
            LedgerCloses = ledger.Closes,
            Health = [.. outcome.Account.Health.Select(Describe)],
        };
    }

    private static SummaryFinding Describe(HealthFinding finding) =>
        new()
        {
            Rule = finding.Rule,
            Since = finding.Since,
            Until = finding.Until,
            Problem = finding.Problem,
            Advice = finding.Advice,
        };
}
