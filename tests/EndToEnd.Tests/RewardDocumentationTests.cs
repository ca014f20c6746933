using System.Diagnostics;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>What docs/rewards.md shows works: the script in Python, its command line, and a run with partial rewards.</summary>
public sealed class RewardDocumentationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _page = File.ReadAllText(Repository.In("docs", "rewards.md"));

    public RewardDocumentationTests() => Assert.SkipUnless(HasPython(), "python3 is not installed.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_judges_the_responses_of_the_page()
    {
        _folder.Write("reward.py", Block("python"));
        _folder.Write("responses.jsonl", Between(_page, "echo '", "'") + "\n{\"gold\": \"4\", \"prediction\": \"It is 5\"}\n");
        string option = Between(_page, "--verifier command --set '", "'");
        ProcessEnd ended = await IcpoProcess.RunAsync(
            new ProcessOptions { Directory = _folder.Path },
            "verify",
            "responses.jsonl",
            "--verifier",
            "command",
            "--set",
            option
        );
        Assert.Equal(0, ended.ExitCode);
        string[] lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([("correct", 1), ("wrong", 0)], lines.Select(line => JsonDocument.Parse(line).RootElement).Select(Outcome));
    }

    [Fact]
    public async Task A_run_trains_on_partial_rewards_and_records_the_script()
    {
        string script = _folder.Write(
            "length.py",
            Block("python")
                .Replace("reward = 1.0 if", "reward = len(case[\"response\"]) % 5 / 5 if True else 1.0 if", StringComparison.Ordinal)
        );
        string run = _folder.In("run");
        ProcessEnd ended = await IcpoProcess.RunAsync(
            new ProcessOptions { Directory = _folder.Path },
            [
                .. new SmallRun(Staleness: 0, Updates: 2).Train(run),
                "--set",
                "preset=grpo",
                "--set",
                "verification.verifier=command",
                "--set",
                "verification.command.run=[python3, length.py]",
            ]
        );
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        var history = RunHistory.Read(run);
        Assert.Equal(("completed", true), (history.Summary!.State, history.Summary.LedgerCloses));
        double[] rewards =
        [
            .. File.ReadLines(new RunDirectory(run).Samples)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("reward").GetDouble()),
        ];
        Assert.Contains(rewards, reward => reward is > 0 and < 1);

        // Resumed elsewhere, the script is still found; with another content it is reported.
        await File.AppendAllTextAsync(script, "# changed\n");
        ProcessEnd changed = await IcpoProcess.RunAsync("train", "--resume", run, "--set", "run.updates=3");
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains("length.py", changed.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[python3, missing.py]", 1)]
    [InlineData("[no-such-program]", 2)]
    [InlineData("[]", 2)]
    public async Task A_command_that_does_not_work_ends_the_run_with_its_name(string command, int exitCode)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync(
            new ProcessOptions { Directory = _folder.Path },
            [
                .. new SmallRun(Staleness: 0, Updates: 1).Train(_folder.In("run")),
                "--set",
                "verification.verifier=command",
                "--set",
                $"verification.command.run={command}",
            ]
        );
        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(command == "[]" ? "verification.command.run" : command.Split(' ')[^1].Trim('[', ']'), ended.Errors);
    }

    private static (string? Verdict, double Reward) Outcome(JsonElement line) =>
        (line.GetProperty("verdict").GetString(), line.GetProperty("reward").GetDouble());

    private string Block(string language) => Between(_page, $"```{language}\n", "```");

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static bool HasPython()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", "--version") { RedirectStandardOutput = true });
            python?.WaitForExit(TimeSpan.FromSeconds(30));
            return python?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
