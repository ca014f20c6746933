using System.Text.RegularExpressions;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Tests.Docs;

/// <summary>Guides name messages and keys that exist.</summary>
public sealed partial class GuideTests
{
    public static TheoryData<string> Guides =>
        ["reading.md", "troubleshooting.md", "algorithms.md", "getting-started.md", "dashboard.md", "serving.md"];

    [Fact]
    public void Every_message_of_the_troubleshooting_page_is_one_of_the_sources()
    {
        string sources = string.Concat(
            Directory
                .GetFiles(Repository.In("src"), "*.cs", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllText)
        );

        // A text of several lines is one text, and values are anything.
        string texts = Hole().Replace(Joint().Replace(sources, ""), "…");
        string[] absent =
        [
            .. File.ReadLines(Repository.In("docs", "troubleshooting.md"))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(line => line.Split('|')[1])
                .SelectMany(cell => Code().Matches(cell).Select(match => match.Groups[1].Value))
                .SelectMany(fragment => fragment.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Where(fragment => !texts.Contains(fragment, StringComparison.OrdinalIgnoreCase))
                .Distinct(),
        ];
        Assert.Empty(absent);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public void Every_key_of_a_guide_exists(string guide)
    {
        string[] keys = [.. IcpoConfiguration.Load().Entries.Select(entry => entry.Key["icpo.".Length..])];
        string[] sections = [.. keys.Select(key => key.Split('.')[0]).Distinct()];
        string[] unknown =
        [
            .. Code()
                .Matches(File.ReadAllText(Repository.In("docs", guide)))
                .Select(match => match.Groups[1].Value.Split(' ')[0])
                .Where(text =>
                    Key().IsMatch(text) && sections.Contains(text.Split('.')[0]) && Path.GetExtension(text) is not (".jsonl" or ".log")
                )
                .Where(text => !keys.Contains(text) && !keys.Any(key => key.StartsWith($"{text.TrimEnd('*')}", StringComparison.Ordinal)))
                .Distinct(),
        ];
        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public void Every_link_of_a_guide_leads_to_a_file(string guide) =>
        Assert.All(
            Link().Matches(File.ReadAllText(Repository.In("docs", guide))).Select(match => match.Groups[1].Value.Split('#')[0]),
            target => Assert.True(Path.Exists(Repository.In("docs", target)), target)
        );

    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Joint();

    [GeneratedRegex(@"\{[^{}""]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[a-z]+(\.[a-z*-]+)+$")]
    private static partial Regex Key();

    [GeneratedRegex(@"\]\(((?!https?:)[^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
