using System.Text.Json;

namespace EndToEnd.Tests.Journals;

/// <summary>
/// The commands that read a run without starting it, on a small asynchronous run (η = 1) that is killed and resumed.
/// </summary>
public sealed class JournalCommandTests
{
    private const string Small = """
        icpo {
          run.updates = 5
          group { groups-per-update = 2, dynamic-sampling = true }
          admission.max-staleness = 1
          evaluation { at-start = false, every = 0, final-questions = 20 }
          engine.count = 2
          checkpoint.every = 2
        }
        """;

    [Fact]
    public async Task A_killed_and_resumed_run_can_be_accounted_for_inspected_and_replayed()
    {
        using var directory = new TemporaryFolder();
        string run = Path.Combine(directory.Path, "run");
        ProcessEnd died = await IcpoProcess.RunAsync(
            new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO_FAULT"] = "update-committed:3" } },
            "train",
            "--config",
            directory.Write("small.conf", Small),
            "--output",
            run
        );
        Assert.NotEqual(0, died.ExitCode);

        JsonElement dead = Assert.Single(Json(await IcpoProcess.RunAsync("runs", directory.Path, "--json")).EnumerateArray());
        Assert.Equal(
            ("dead", 3, 5, $"icpo train --resume {run}"),
            (Text(dead, "state"), Number(dead, "update"), Number(dead, "updates"), Text(dead, "go_on"))
        );
        JsonElement first = Json(await IcpoProcess.RunAsync("ledger", run, "--json"));
        Assert.Equal(
            (true, 3, 6),
            (first.GetProperty("closes").GetBoolean(), Number(first, "updates"), Number(first.GetProperty("groups"), "consumed"))
        );
        if (LongTests.AreOn)
        {
            ProcessEnd early = await IcpoProcess.RunAsync("replay", run);
            Assert.Equal((0, ""), (early.ExitCode, early.Errors));
            Assert.Matches(@"\b3\b", early.Output);
        }

        Assert.Equal(0, (await IcpoProcess.RunAsync("train", "--resume", run)).ExitCode);
        ProcessEnd listed = await IcpoProcess.RunAsync("runs", run);
        Assert.Matches(@"completed.*\bicpo\b.*\b5/5", listed.Output);
        Assert.DoesNotContain("--resume", listed.Output);
        ProcessEnd ledger = await IcpoProcess.RunAsync("ledger", run);
        Assert.Equal((0, ""), (ledger.ExitCode, ledger.Errors));
        Assert.Contains("3 to 5", ledger.Output);

        await Inspect(run);
        await Replay(run, directory);
        if (LongTests.AreOn)
        {
            await ReplayPart(run, directory);
            await Damage(run);
        }
    }

    [Fact]
    public async Task A_run_with_a_pruned_journal_is_replayed_from_its_oldest_checkpoint()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string run = Path.Combine(directory.Path, "run");
        string[] command = ["train", "--config", directory.Write("small.conf", Small), "--set", "journal.keep=checkpoint", "--output", run];
        Assert.Equal(0, (await IcpoProcess.RunAsync(command)).ExitCode);
        ProcessEnd ledger = await IcpoProcess.RunAsync("ledger", run);
        Assert.Equal((0, ""), (ledger.ExitCode, ledger.Errors));
        string again = Path.Combine(directory.Path, "again");
        ProcessEnd replay = await IcpoProcess.RunAsync("replay", run, "--output", again);
        Assert.Equal((0, ""), (replay.ExitCode, replay.Errors));
        Assert.Matches(@"\b5\b.*update-000004", replay.Output);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000005"), again);
        Assert.Contains("update 5", (await IcpoProcess.RunAsync("inspect", run, "--update", "2")).Errors);
    }

    private static async Task Inspect(string run)
    {
        JsonElement[] groups = [.. Json(await IcpoProcess.RunAsync("inspect", run, "--update", "4", "--json")).EnumerateArray()];
        Assert.Equal([("Consumed", 4), ("Consumed", 4)], groups.Select(group => (Text(group, "fate"), Number(group, "update"))));
        Assert.All(groups, group =>
            Assert.Equal(0, group.GetProperty("rollouts").EnumerateArray().Sum(rollout => rollout.GetProperty("advantage").GetDouble()), 9)
        );
        Assert.All(groups.SelectMany(group => group.GetProperty("rollouts").EnumerateArray()), rollout =>
            Assert.NotEmpty(Text(rollout, "text"))
        );
        string number = $"{Number(groups[0], "group")}";
        Assert.Matches($@"\b{number}\b.*\b4\b", (await IcpoProcess.RunAsync("inspect", run, "--group", number)).Output);
        JsonElement[] correct =
        [
            .. Json(await IcpoProcess.RunAsync("inspect", run, "--verdict", "correct", "--limit", "0", "--json")).EnumerateArray(),
        ];
        Assert.All(correct.SelectMany(group => group.GetProperty("rollouts").EnumerateArray()), rollout =>
            Assert.Equal("Correct", Text(rollout, "verdict"))
        );
        ProcessEnd far = await IcpoProcess.RunAsync("inspect", run, "--update", "9");
        Assert.Equal(2, far.ExitCode);
        Assert.Contains("--update 9", far.Errors);
    }

    private static async Task Replay(string run, TemporaryFolder directory)
    {
        string again = Path.Combine(directory.Path, "again");
        Assert.Equal(0, (await IcpoProcess.RunAsync("replay", run, "--output", again)).ExitCode);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000005"), again);
    }

    private static async Task ReplayPart(string run, TemporaryFolder directory)
    {
        string middle = Path.Combine(directory.Path, "middle");
        ProcessEnd part = await IcpoProcess.RunAsync("replay", run, "--until", "4", "--output", middle, "--json");
        Assert.Equal(4, part.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000004"), middle);
        Assert.Equal(2, (await IcpoProcess.RunAsync("replay", run, "--output", middle)).ExitCode);
        Assert.Matches(@"\b1\b.*loss < 1000", (await IcpoProcess.RunAsync("replay", run, "--bisect", "loss<1000")).Output);
        ProcessEnd unknown = await IcpoProcess.RunAsync("replay", run, "--bisect", "los<1000");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("los", unknown.Errors);
        Assert.Equal(1, (await IcpoProcess.RunAsync("replay", run, "--bisect", "loss>1000")).ExitCode);
    }

    /// <summary>Flips a bit of a payload, which ledger and replay must report.</summary>
    private static async Task Damage(string run)
    {
        string segment = Directory.GetFiles(Path.Combine(run, "payloads"), "*.segment")[0];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[60] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        ProcessEnd ledger = await IcpoProcess.RunAsync("ledger", run);
        Assert.Equal(1, ledger.ExitCode);
        Assert.Contains(segment, ledger.Errors);
        Assert.NotEqual(0, (await IcpoProcess.RunAsync("replay", run)).ExitCode);
    }

    private static void ExpectSame(string expected, string actual)
    {
        string[] files = [.. Directory.GetFiles(expected).Select(file => Path.GetFileName(file)!).Order()];
        Assert.Equal(files, Directory.GetFiles(actual).Select(Path.GetFileName).Order());
        Assert.All(files, file =>
            Assert.True(
                File.ReadAllBytes(Path.Combine(expected, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, file))),
                file
            )
        );
    }

    private static JsonElement Json(ProcessEnd ended)
    {
        Assert.Equal("", ended.Errors);
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
