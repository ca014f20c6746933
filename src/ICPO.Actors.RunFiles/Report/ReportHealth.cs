using System.Globalization;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>The health findings and the events of a run.</summary>
internal static class ReportHealth
{
    public static string Findings(RunHistory history) =>
        history.Summary is { Health.Count: > 0 } summary
            ? ReportTables.Table(
                "Health",
                "<th>Rule</th><th>Updates</th><th>What was seen</th><th>What to try</th>",
                summary.Health.Select(Row)
            )
            : "";

    public static string Events(RunHistory history) =>
        history.Events.Length > 1
            ? ReportTables.Table(
                "Events",
                "<th>Time</th><th class=\"n\">Update</th><th>Event</th>",
                history.Events.Select(line =>
                    $"<td>{line.Time.ToString("u", CultureInfo.InvariantCulture)}</td><td class=\"n\">{ReportText.Count(line.Update)}</td>"
                    + $"<td class=\"wrap\">{ReportText.Escape(line.Text)}</td>"
                )
            )
            : "";

    private static string Row(SummaryFinding finding) =>
        $"<td>{ReportText.Escape(finding.Rule)}</td><td>{finding.Since} to {finding.Until}</td>"
        + $"<td class=\"wrap\">{ReportText.Escape(finding.Problem)}</td><td class=\"wrap\">{ReportText.Escape(finding.Advice)}</td>";
}
