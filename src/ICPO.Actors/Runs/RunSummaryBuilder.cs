using System.Diagnostics;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>Makes the summary of a run that ends.</summary>
internal static class RunSummaryBuilder
{
    public static RunSummary Build(
        RunPlan plan,
        RunClock clock,
        string state,
        PolicyVersion version,
        double? before,
        VersionEvaluated? after,
        MetricsActor.Account account
    )
    {
        Ledger ledger = account.Ledger;
        using var process = Process.GetCurrentProcess();
        AccuracyReport? accuracy = after?.Report.Accuracy();
        return new RunSummary
        {
            Preset = plan.Settings.Preset,
            Task = plan.Task.Name,
            Seed = plan.Settings.Seed,
            State = state,
            AccuracyBefore = before,
            AccuracyAfter = accuracy?.Overall.Value,
            AccuracyAfterByTag = accuracy?.ByTag.ToDictionary(tag => tag.Key, tag => tag.Value.Value) ?? [],
            Questions = plan.Settings.Evaluation.FinalQuestions,
            Updates = version.Value,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 2),
            TokensGenerated =
                plan.Settings.Expert.Source == ExpertSource.Trace ? ledger.Generated.Policy.Tokens : ledger.Generated.Total.Tokens,
            TokensTrained = ledger[LedgerEntry.Consumed].Total.Tokens,
            PeakMemoryBytes = process.PeakWorkingSet64,
            GroupsAdmitted = ledger.GroupsAdmitted,
            GroupsRejected = ledger.GroupsRejected,
            LedgerCloses = ledger.Closes,
        };
    }
}
