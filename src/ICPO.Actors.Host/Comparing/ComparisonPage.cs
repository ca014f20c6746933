using System.Collections.Immutable;
using System.Text;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Comparisons as one HTML page, without scripts or external resources.</summary>
internal static class ComparisonPage
{
    public static string Create(ComparisonSuite suite)
    {
        ImmutableArray<string> arms = suite.Cells.Select(cell => cell.Comparison?.Arms).FirstOrDefault(labels => labels is not null) ?? [];
        string title = Escape(arms.IsEmpty ? "All runs failed" : $"Comparison of {string.Join(", ", arms)}");
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.Append($"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>");
        page.Append($"<style>{ChartStyle.Css}{ReportStyle.Css}</style></head><body><main>\n");
        page.Append($"<header><p class=\"kicker\">ICPO.Actors comparison</p><h1>{title}</h1>{Lead(suite)}</header>\n");
        page.Append(Failures(suite));
        page.Append(suite.IsSingle ? "" : ComparisonMap.Create(suite));
        foreach (CellComparison cell in suite.Cells)
        {
            page.Append(Cell(cell));
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static string Lead(ComparisonSuite suite)
    {
        Comparison? first = suite.Cells.Select(cell => cell.Comparison).FirstOrDefault(comparison => comparison is not null);
        if (first is null)
        {
            return $"<p class=\"lead\">{suite.Failures.Length} runs failed.</p>";
        }

        string cells = suite.IsSingle ? "" : $" in each of {suite.Cells.Length} settings";
        string failures = suite.Failures.IsEmpty ? "" : $" {suite.Failures.Length} runs failed.";
        return "<p class=\"lead\">"
            + Escape(
                $"{first.Arms.Length} arms with seeds {string.Join(", ", first.Seeds)}{cells}; zero-shot accuracy on held-out questions "
                    + $"in percent, mean ± sample standard deviation. Baseline {first.Baseline}.{failures}"
            )
            + "</p>";
    }

    private static string Failures(ComparisonSuite suite) =>
        suite.Failures.IsEmpty
            ? ""
            : "<section><h2>Failed runs</h2><p class=\"soft\">They are left out of the tables; repeat the command to try them again.</p>"
                + "<div class=\"scroll\"><table><thead><tr><th>Run</th><th>Reason</th></tr></thead><tbody>\n"
                + string.Concat(
                    suite.Failures.Select(f =>
                        $"<tr><td class=\"bad\">{Escape(f.Name)}</td><td class=\"wrap\">{Escape(f.Message)}</td></tr>\n"
                    )
                )
                + "</tbody></table></div></section>\n";

    private static string Cell(CellComparison cell)
    {
        string heading = cell.Cell.Label.Length > 0 ? $"<h2>{Escape(cell.Cell.Label)}</h2>" : "";
        if (cell.Comparison is not { } c)
        {
            return $"<section>{heading}<p class=\"bad\">All runs failed.</p></section>\n";
        }

        var section = new StringBuilder($"<section>{heading}");
        section.Append("<div class=\"figures\">");
        section.Append(Figure(c, "update", e => e.Update)).Append(Figure(c, "seconds", e => e.Seconds)).Append("</div>\n");
        foreach (ComparisonPoint point in new[] { c.AtUpdates, c.AtSeconds })
        {
            section.Append($"<h3>{Escape(point.Title)}</h3>").Append(Table(ComparisonTables.Accuracies(c, point)));
            section.AppendJoin("", ComparisonTables.AccuracyNotes(point).Select(note => $"<p class=\"soft\">{Escape(note)}</p>"));
            if (!point.Differences.IsEmpty)
            {
                section.Append($"<p>{Escape(ComparisonTables.DifferenceNote(c))}</p>");
                section.Append(IntervalChart.Create(c, point)).Append(Table(ComparisonTables.Differences(point)));
            }
        }

        section.Append($"<h3>Cost of a whole run</h3>{Table(ComparisonTables.Cost(c))}");
        return section.Append($"<p class=\"soft\">{Escape(ComparisonTables.CostNote)}</p></section>\n").ToString();
    }

    private static string Figure(Comparison c, string label, Func<EvaluationLine, double> position) =>
        $"<figure><figcaption><b>Accuracy by {label}</b>mean, and range over the seeds</figcaption>"
        + $"{ComparisonChart.Create(c, label, position, standalone: false)}</figure>\n";

    internal static string Table(ComparisonTable table)
    {
        int names = table.Left.Length;
        string head = string.Concat(table.Left.Concat(table.Right).Select((name, i) => Column("th", name, i >= names)));
        IEnumerable<string> rows = table.Rows.Select(row => string.Concat(row.Select((text, i) => Column("td", text, i >= names))));
        return $"<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>\n"
            + string.Concat(rows.Select(row => $"<tr>{row}</tr>\n"))
            + "</tbody></table></div>\n";
    }

    private static string Column(string element, string text, bool isNumber) =>
        $"<{element}{(isNumber ? " class=\"n\"" : "")}>{Escape(text)}</{element}>";

    internal static string Escape(string text) => ReportText.Escape(text);
}
