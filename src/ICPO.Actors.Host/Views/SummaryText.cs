using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Views;

/// <summary>Describes the result of a run in one line.</summary>
internal static class SummaryText
{
    public static string Create(RunSummary s) =>
        $"Preset {s.Preset}, task {s.Task}, seed {s.Seed}, {s.State}: {Result(s)}; "
        + $"{Format.Count(s.TokensGenerated)} tokens generated, {Format.Count(s.TokensTrained)} trained; "
        + $"{Format.Count(s.GroupsAdmitted)} groups admitted, {Format.Count(s.GroupsRejected)} rejected; "
        + $"the ledger {Ledger(s)}.";

    /// <summary>Of a run that was ended as it is, `icpo ledger` has the final one.</summary>
    private static string Ledger(RunSummary s) =>
        s.StopIncomplete is not null ? "is not final"
        : s.LedgerCloses ? "closes"
        : "does not close";

    private static string Result(RunSummary s)
    {
        string trained = $"{s.Updates} updates and {Format.Fixed(s.Seconds, 1)} s";
        string accuracy = $"zero-shot accuracy on {s.Questions} held-out questions";
        return (s.AccuracyBefore, s.AccuracyAfter) switch
        {
            ({ } before, { } after) => $"{accuracy} went from {Format.Percent(before)} to {Format.Percent(after)} in {trained}",
            (null, { } after) => $"{accuracy} is {Format.Percent(after)} after {trained}",
            ({ } before, null) => $"{trained}; {accuracy} was {Format.Percent(before)} before training",
            _ => trained,
        };
    }
}
