using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ICPO.Actors.Algorithm;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>Makes, writes and reads <c>summary.json</c>.</summary>
public static class RunSummaries
{
    internal static RunSummary Of(
        RunPlan plan, RunClock clock, string state, PolicyVersion version, double? before, VersionEvaluated? after, MetricsActor.Account account)
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
            TokensGenerated = plan.Settings.Expert.Source == ExpertSource.Trace ? ledger.Generated.Policy.Tokens : ledger.Generated.Total.Tokens,
            TokensTrained = ledger[LedgerEntry.Consumed].Total.Tokens,
            PeakMemoryBytes = process.PeakWorkingSet64,
            GroupsAdmitted = ledger.GroupsAdmitted,
            GroupsRejected = ledger.GroupsRejected,
            LedgerCloses = ledger.Closes,
        };
    }

    /// <summary>Temp + rename: a reader sees the old summary or the new one.</summary>
    public static void Write(RunDirectory directory, RunSummary summary)
    {
        string temporary = $"{directory.Summary}.tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(summary, SummaryJson.Default.RunSummary) + "\n");
        File.Move(temporary, directory.Summary, overwrite: true);
    }

    /// <summary>The summary in a run directory, or null where none has been written yet.</summary>
    /// <exception cref="InvalidDataException">The file is no summary; names it.</exception>
    public static RunSummary? Read(RunDirectory directory)
    {
        if (!File.Exists(directory.Summary))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(directory.Summary), SummaryJson.Default.RunSummary) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{directory.Summary}: this is no run summary ({e.Message}); remove the file or finish the run with train --resume.", e);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
