namespace Architecture.Tests;

/// <summary>Limits that keep the sources readable.</summary>
public sealed class SourceTests
{
    private const int MaxColumns = 140;

    private const int MaxLines = 300;

    private const int MaxMedianLines = 80;

    private const int MaxActorLines = 200;

    private const int MaxMedianActorLines = 100;

    private static readonly string[] Text = ["*.cs", "*.conf", "*.proto", "*.js", "*.css", "*.html", "*.svg"];

    [Fact]
    public void No_line_is_longer_than_the_screen() =>
        Solution.ExpectNone(
            from folder in new[] { "src", "tests", "hocon" }
            from pattern in Text
            from path in Solution.Files(folder, pattern)
            from line in File.ReadLines(path).Index()
            where line.Item.Length > MaxColumns
            select $"{Path.GetRelativePath(Solution.Root, path)}({line.Index + 1}): {line.Item.Length} columns"
        );

    [Fact]
    public void No_source_file_is_longer_than_it_may_be() =>
        Solution.ExpectNone(Lengths("*.cs").Where(file => file.Lines > MaxLines).Select(file => $"{file.Path}: {file.Lines} lines"));

    [Fact]
    public void The_median_source_file_is_short() => Assert.InRange(Median(Lengths("*.cs")), 1, MaxMedianLines);

    [Fact]
    public void Actors_are_thin()
    {
        (string Path, int Lines)[] actors = [.. Lengths("*Actor.cs"), .. Lengths("*Actor.*.cs")];
        Solution.ExpectNone(actors.Where(file => file.Lines > MaxActorLines).Select(file => $"{file.Path}: {file.Lines} lines"));
        Assert.InRange(Median(actors), 1, MaxMedianActorLines);
    }

    private static IEnumerable<(string Path, int Lines)> Lengths(string pattern) =>
        Solution.Files("src", pattern).Select(path => (Path.GetRelativePath(Solution.Root, path), File.ReadLines(path).Count()));

    private static int Median(IEnumerable<(string Path, int Lines)> files)
    {
        int[] lines = [.. files.Select(file => file.Lines).Order()];
        return lines[lines.Length / 2];
    }
}
