using System.Globalization;

namespace ICPO.Actors.Host;

/// <summary>Figures as a person reads them.</summary>
internal static class Sentences
{
    /// <summary>The summary in one sentence.</summary>
    public static string Of(RunSummary s)
    {
        string learned = (s.AccuracyBefore, s.AccuracyAfter) switch
        {
            ({ } before, { } after) => $"zero-shot accuracy on {s.Questions} held-out questions went from {Percent(before)} to {Percent(after)} in",
            (null, { } after) => $"zero-shot accuracy on {s.Questions} held-out questions is {Percent(after)} after",
            ({ } before, null) => $"zero-shot accuracy on {s.Questions} held-out questions was {Percent(before)} before",
            _ => "trained for",
        };
        return $"Preset {s.Preset}, task {s.Task}, seed {s.Seed}, {s.State}: {learned} {s.Updates} updates and {s.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s; "
            + $"{Count(s.TokensGenerated)} tokens generated, {Count(s.TokensTrained)} trained; {Count(s.GroupsAdmitted)} groups admitted, {Count(s.GroupsRejected)} rejected; "
            + $"the ledger {(s.LedgerCloses ? "closes" : "does not close")}.";
    }

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.ToString(@"m\:ss");
}
