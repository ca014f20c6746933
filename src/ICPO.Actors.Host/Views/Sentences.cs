using System.Globalization;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Views;

/// <summary>Figures as a person reads them.</summary>
internal static class Sentences
{
    /// <summary>The summary in one sentence.</summary>
    public static string Of(RunSummary s)
    {
        string trained = $"{s.Updates} updates and {s.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
        string asked = $"zero-shot accuracy on {s.Questions} held-out questions";
        string learned = (s.AccuracyBefore, s.AccuracyAfter) switch
        {
            ({ } before, { } after) => $"{asked} went from {Percent(before)} to {Percent(after)} in {trained}",
            (null, { } after) => $"{asked} is {Percent(after)} after {trained}",
            ({ } before, null) => $"{trained}, {asked} was {Percent(before)} before them",
            _ => trained,
        };
        return $"Preset {s.Preset}, task {s.Task}, seed {s.Seed}, {s.State}: {learned}; "
            + $"{Count(s.TokensGenerated)} tokens generated, {Count(s.TokensTrained)} trained; {Count(s.GroupsAdmitted)} groups admitted, {Count(s.GroupsRejected)} rejected; "
            + $"the ledger {(s.LedgerCloses ? "closes" : "does not close")}.";
    }

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.ToString(@"m\:ss");
}
