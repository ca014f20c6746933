using System.Collections.Immutable;
using System.Text;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Comparisons as a Markdown page.</summary>
internal static class ComparisonMarkdown
{
    public static string Create(ComparisonSuite suite)
    {
        var page = new StringBuilder();
        foreach (CellComparison cell in suite.Cells)
        {
            string label = cell.Cell.Label.Length > 0 ? $"{cell.Cell.Label}: " : "";
            page.Append(cell.Comparison is { } comparison ? Create(comparison, label) : $"# {label}all runs failed\n");
            page.Append('\n');
        }

        AppendFailures(page, suite.Failures);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <param name="c">The comparison.</param>
    /// <param name="label">What precedes its title.</param>
    public static string Create(Comparison c, string label = "")
    {
        var page = new StringBuilder();
        page.Append($"# {label}{string.Join(", ", c.Arms)}: {c.Seeds.Length} {(c.Seeds.Length == 1 ? "seed" : "seeds")} each\n\n");
        page.Append("Zero-shot accuracy on held-out questions in percent, mean ± sample standard deviation over seeds ");
        page.Append($"{string.Join(", ", c.Seeds)}. Task {c.Runs[0].Summary.Task}.\n");
        foreach (ComparisonPoint point in new[] { c.AtUpdates, c.AtSeconds })
        {
            page.Append($"\n## {point.Title}\n\n");
            Append(page, ComparisonTables.Accuracies(c, point));
            foreach (string note in ComparisonTables.AccuracyNotes(point))
            {
                page.Append($"\n{note}\n");
            }

            if (!point.Differences.IsEmpty)
            {
                page.Append($"\n{ComparisonTables.DifferenceNote(c)}\n\n");
                Append(page, ComparisonTables.Differences(point));
            }
        }

        page.Append("\n## Cost of a whole run\n\n");
        Append(page, ComparisonTables.Cost(c));
        return page.Append($"\n{ComparisonTables.CostNote}\n").ToString();
    }

    private static void AppendFailures(StringBuilder page, ImmutableArray<FailedRun> failures)
    {
        if (!failures.IsEmpty)
        {
            page.Append("## Failed runs\n\nRepeat the command to try them again.\n\n");
            page.AppendJoin('\n', failures.Select(failure => $"- {failure.Name}: {failure.Message}"));
        }
    }

    private static void Append(StringBuilder page, ComparisonTable table)
    {
        AppendRow(page, [.. table.Left, .. table.Right]);
        page.Append('|');
        page.Insert(page.Length, "---|", table.Left.Length).Insert(page.Length, "---:|", table.Right.Length).Append('\n');
        foreach (ImmutableArray<string> row in table.Rows)
        {
            AppendRow(page, row);
        }
    }

    private static void AppendRow(StringBuilder page, ImmutableArray<string> cells) => page.Append($"| {string.Join(" | ", cells)} |\n");
}
