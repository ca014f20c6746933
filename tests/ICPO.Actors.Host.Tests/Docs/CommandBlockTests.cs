using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.Docs;

/// <summary>
/// The commands of README and guides fit the program: they are parsed, not run. Options exist, and so do the keys, presets, files and tests
/// that they name.
/// </summary>
public sealed partial class CommandBlockTests : IDisposable
{
    /// <summary>The worker mode, which is not parsed.</summary>
    private const string WorkerMode = "verify-worker";

    private static readonly string[] Folders = ["hocon/", "src/", "tests/"];
    private static readonly Lazy<HashSet<string>> Keys = new(() => [.. IcpoConfiguration.Load().Entries.Select(entry => entry.Key)]);
    private static readonly Lazy<string> TestSources = new(() =>
        string.Concat(
            Directory
                .GetFiles(Repository.In("tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
                .Select(File.ReadAllText)
        )
    );

    private readonly StopSignals _signals = new(TextWriter.Null, Enum.GetValues<PosixSignal>().ToHashSet());
    private readonly RootCommand _root;

    public CommandBlockTests() => _root = IcpoCommandLine.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null, null), _signals);

    public static TheoryData<string> Pages => [.. ShellBlocks.Pages];

    public void Dispose() => _signals.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_fits_the_program(string page)
    {
        foreach (string[] command in ShellBlocks.Commands(page))
        {
            string text = $"{page}: {string.Join(' ', command)}";
            if (Arguments(command) is { } arguments)
            {
                Exception? error = Record.Exception(() => IcpoCommandLine.Parse(_root, arguments));
                Assert.True(error is null, $"{text}: {error?.Message}");
                Assert.All(Values(arguments, "--set"), set => Assert.True(IsKey(set.Split('=')[0]), $"{text}: {set}"));
                Assert.All(
                    Values(arguments, "--preset").Concat(Values(arguments, "--presets").SelectMany(names => names.Split(','))),
                    preset => Assert.Contains(preset, IcpoConfiguration.Presets)
                );
            }

            Assert.All(command.Where(word => Folders.Any(folder => word.StartsWith(folder, StringComparison.Ordinal))), path =>
                Assert.True(Path.Exists(Repository.In(path)), $"{text}: {path}")
            );
            if (command is ["dotnet", "test", ..])
            {
                Assert.All(Values(command, "--filter"), filter =>
                    Assert.True(TestSources.Value.Contains($" {filter}", StringComparison.Ordinal), $"{text}: {filter}")
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_in_the_text_of_a_page_exists(string page)
    {
        foreach (Match match in Span().Matches(File.ReadAllText(Repository.In(page))))
        {
            string[] words = ShellBlocks.Split(Optional().Replace(match.Groups[1].Value, " ").Replace('…', ' ').Replace('\n', ' ')).First();
            if (words[1] != WorkerMode)
            {
                Check($"{page}: {match.Value}", words[1..]);
            }
        }
    }

    [Fact]
    public void There_are_commands_in_the_pages() =>
        Assert.InRange(ShellBlocks.Pages.SelectMany(ShellBlocks.Commands).Count(command => Arguments(command) is not null), 20, 1000);

    [Theory]
    [InlineData("A=1 icpo train --set 'a.b=[x, y]' \"q\"  # text", "icpo|train|--set|a.b=[x, y]|q")]
    [InlineData("for s in 1 2; do icpo score F > G; done", "for|s|in|1|2\nicpo|score|F\ndone")]
    [InlineData("a && b | c # d", "a\nb\nc")]
    [InlineData("   # a comment", "")]
    public void Lines_are_split_as_a_shell_does(string line, string words) =>
        Assert.Equal(words, string.Join('\n', ShellBlocks.Split(line).Select(command => string.Join('|', command))));

    /// <summary>The arguments of <c>icpo</c>; null for another program.</summary>
    private static string[]? Arguments(string[] command) =>
        command switch
        {
            ["icpo", .. var arguments] => arguments,
            ["dotnet", "run", ..] when command.Contains("src/ICPO.Actors.Host") => [.. command.SkipWhile(word => word != "--").Skip(1)],
            _ => null,
        };

    private static IEnumerable<string> Values(string[] words, string option) =>
        words.Zip(words.Skip(1)).Where(pair => pair.Item1 == option).Select(pair => pair.Item2);

    private static bool IsKey(string key) => Keys.Value.Contains(key.StartsWith("icpo.", StringComparison.Ordinal) ? key : $"icpo.{key}");

    /// <summary>Subcommands and options; arguments may be missing.</summary>
    private void Check(string text, string[] words)
    {
        Command command = _root;
        List<Option> options = [.. _root.Options];
        foreach (string word in words)
        {
            if (command.Subcommands.FirstOrDefault(sub => sub.Name == word) is { } sub)
            {
                command = sub;
                options.AddRange(sub.Options);
            }
            else if (word.StartsWith('-'))
            {
                Assert.True(options.Any(option => option.Name == word || option.Aliases.Contains(word)), $"{text}: {word}");
            }
        }

        Assert.True(command != _root, $"{text}: no such command");
    }

    [GeneratedRegex("`(icpo [^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"[\[\]]|\.\.\.")]
    private static partial Regex Optional();
}
