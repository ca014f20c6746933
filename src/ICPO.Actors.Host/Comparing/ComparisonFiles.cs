using System.Collections.Immutable;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Writes comparisons as HTML, Markdown, JSON and two charts per cell.</summary>
internal static class ComparisonFiles
{
    /// <returns>The paths written.</returns>
    public static ImmutableArray<string> Write(ComparisonSuite suite, ComparisonPlan plan)
    {
        (string Path, string Text)[] files =
        [
            (Path.Combine(plan.Output, "compare.html"), ComparisonPage.Create(suite)),
            (Path.Combine(plan.Output, "compare.md"), ComparisonMarkdown.Create(suite)),
            (Path.Combine(plan.Output, "compare.json"), ComparisonJson.Create(suite)),
            .. from cell in suite.Cells
            where cell.Comparison is not null
            from chart in Charts(cell.Comparison!)
            select (Path.Combine(plan.Directory(cell.Cell), chart.Name), chart.Svg),
        ];
        foreach ((string path, string text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path + ".tmp", text);
            File.Move(path + ".tmp", path, overwrite: true);
        }

        return [.. files.Select(f => f.Path)];
    }

    private static (string Name, string Svg)[] Charts(Comparison comparison) =>
        [
            ("compare-updates.svg", ComparisonChart.Create(comparison, "update", e => e.Update)),
            ("compare-seconds.svg", ComparisonChart.Create(comparison, "seconds", e => e.Seconds)),
        ];
}
