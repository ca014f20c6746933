using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>The sentence and the figures at the top of a report.</summary>
internal static class ReportHeader
{
    public static string Lead(RunHistory history) =>
        history.Summary switch
        {
            null => "<p class=\"lead\">This run has no summary: it is still running, or it was killed.</p>",
            { Error: { } error } => $"<p class=\"lead bad\">The run failed: {ReportText.Escape(error)}</p>",
            { AccuracyBefore: { } before, AccuracyAfter: { } after } s =>
                $"<p class=\"lead\">Zero-shot accuracy on {s.Questions} held-out questions went from "
                    + $"<b>{ReportText.Percent(before)}</b> to <b>{ReportText.Percent(after)}</b> "
                    + $"in {s.Updates} updates and {ReportText.Duration(s.Seconds)}.{Stopped(s)}</p>",
            { } s => $"<p class=\"lead\">{s.Updates} updates in {ReportText.Duration(s.Seconds)}.{Stopped(s)}</p>",
        };

    public static string Tiles(RunHistory history)
    {
        if (history.Summary is not { } s)
        {
            return "";
        }

        (string Name, string? Value)[] tiles =
        [
            ("Accuracy before", s.AccuracyBefore is { } before ? ReportText.Percent(before) : null),
            ("Accuracy after", s.AccuracyAfter is { } after ? ReportText.Percent(after) : null),
            ("Updates", ReportText.Count(s.Updates)),
            ("Time", ReportText.Duration(s.Seconds)),
            ("Tokens generated", ReportText.Count(s.TokensGenerated)),
            ("Tokens trained", ReportText.Count(s.TokensTrained)),
            ("Groups admitted", ReportText.Count(s.GroupsAdmitted)),
            ("Groups rejected", ReportText.Count(s.GroupsRejected)),
            ("Ledger", s.LedgerCloses ? "closes" : "does not close"),
        ];
        IEnumerable<string> shown = tiles.Where(t => t.Value is not null).Select(t => $"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>");
        return $"<dl class=\"tiles\">{string.Concat(shown)}</dl>\n";
    }

    private static string Stopped(RunSummary summary) =>
        summary switch
        {
            { StopIncomplete: { } missing } => $" The run was stopped early: {ReportText.Escape(missing)}. It can be resumed.",
            { State: "stopped" } => " The run was stopped early; it can be resumed.",
            _ => "",
        };
}
