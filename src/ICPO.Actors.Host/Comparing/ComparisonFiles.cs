using System.Collections.Immutable;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Writes a comparison as Markdown, JSON and two charts.</summary>
internal static class ComparisonFiles
{
    /// <returns>The paths written.</returns>
    public static ImmutableArray<string> Write(Comparison comparison, string directory)
    {
        (string Name, string Text)[] files =
        [
            ("compare.md", ComparisonMarkdown.Create(comparison)),
            ("compare.json", ComparisonJson.Create(comparison)),
            ("compare-updates.svg", ComparisonChart.Create(comparison, "update", e => e.Update)),
            ("compare-seconds.svg", ComparisonChart.Create(comparison, "seconds", e => e.Seconds)),
        ];
        foreach ((string name, string text) in files)
        {
            string path = Path.Combine(directory, name);
            File.WriteAllText(path + ".tmp", text);
            File.Move(path + ".tmp", path, overwrite: true);
        }

        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }
}
