using System.Text.Json;

namespace EndToEnd.Tests.Journals;

/// <summary>
/// What reads a run without starting it, on the real executable: a small asynchronous run (η = 1) that dies in the middle and goes on.
/// </summary>
public sealed class JournalCommandTests
{
    private const string Small =
        "icpo { run.updates = 5, group.groups-per-update = 2, group.dynamic-sampling = true, admission.max-staleness = 1, evaluation { at-start = false, every = 0, final-questions = 20 }, engine.count = 2, checkpoint.every = 2 }";

    [Fact]
    public async Task A_run_that_dies_and_goes_on_can_be_accounted_for_looked_at_and_made_again()
    {
        using var directory = new TemporaryDirectory();
        string run = Path.Combine(directory.Path, "run");
        Ended died = await Icpo.RunAsync(
            new Dictionary<string, string> { ["ICPO_FAULT"] = "update-committed:3" },
            "train",
            "--config",
            directory.File("small.conf", Small),
            "--output",
            run
        );
        Assert.NotEqual(0, died.ExitCode);

        JsonElement dead = Assert.Single(Json(await Icpo.RunAsync("runs", directory.Path, "--json")).EnumerateArray());
        Assert.Equal(
            ("dead", 3, 5, $"icpo train --resume {run}"),
            (Text(dead, "state"), Number(dead, "update"), Number(dead, "updates"), Text(dead, "go_on"))
        );
        JsonElement first = Json(await Icpo.RunAsync("ledger", run, "--json"));
        Assert.Equal(
            (true, 3, 6),
            (first.GetProperty("closes").GetBoolean(), Number(first, "updates"), Number(first.GetProperty("groups"), "consumed"))
        );
        Ended early = await Icpo.RunAsync("replay", run);
        Assert.Equal((0, ""), (early.ExitCode, early.Errors));
        Assert.Contains("The weights after update 3 are the run's own", early.Output);

        Assert.Equal(0, (await Icpo.RunAsync("train", "--resume", run)).ExitCode);
        Ended listed = await Icpo.RunAsync("runs", run);
        Assert.Contains("completed, icpo seed 1, update 5/5", listed.Output);
        Assert.DoesNotContain("--resume", listed.Output);
        Ended ledger = await Icpo.RunAsync("ledger", run);
        Assert.Equal((0, ""), (ledger.ExitCode, ledger.Errors));
        Assert.Contains("The ledger closes.", ledger.Output);
        Assert.Contains("3 to 5", ledger.Output);

        await Inspect(run);
        await Replay(run, directory);
        await Damage(run);
    }

    [Fact]
    public async Task A_run_that_keeps_only_what_it_needs_is_made_again_from_its_oldest_checkpoint()
    {
        using var directory = new TemporaryDirectory();
        string run = Path.Combine(directory.Path, "run");
        string[] command = ["train", "--config", directory.File("small.conf", Small), "--set", "journal.keep=checkpoint", "--output", run];
        Assert.Equal(0, (await Icpo.RunAsync(command)).ExitCode);
        Ended ledger = await Icpo.RunAsync("ledger", run);
        Assert.Equal((0, ""), (ledger.ExitCode, ledger.Errors));
        string again = Path.Combine(directory.Path, "again");
        Ended replay = await Icpo.RunAsync("replay", run, "--output", again);
        Assert.Equal((0, ""), (replay.ExitCode, replay.Errors));
        Assert.Contains("updates 5 to 5 again, from checkpoint update-000004", replay.Output);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000005"), again);
        Assert.Contains("before update 5 are deleted", (await Icpo.RunAsync("inspect", run, "--update", "2")).Errors);
    }

    private static async Task Inspect(string run)
    {
        JsonElement[] groups = [.. Json(await Icpo.RunAsync("inspect", run, "--update", "4", "--json")).EnumerateArray()];
        Assert.Equal([("Consumed", 4), ("Consumed", 4)], groups.Select(group => (Text(group, "fate"), Number(group, "update"))));
        Assert.All(groups, group =>
            Assert.Equal(0, group.GetProperty("rollouts").EnumerateArray().Sum(rollout => rollout.GetProperty("advantage").GetDouble()), 9)
        );
        Assert.All(groups.SelectMany(group => group.GetProperty("rollouts").EnumerateArray()), rollout =>
            Assert.NotEmpty(Text(rollout, "text"))
        );
        string number = $"{Number(groups[0], "group")}";
        Assert.Contains($"Group {number}, trained by update 4", (await Icpo.RunAsync("inspect", run, "--group", number)).Output);
        JsonElement[] correct =
        [
            .. Json(await Icpo.RunAsync("inspect", run, "--verdict", "correct", "--limit", "0", "--json")).EnumerateArray(),
        ];
        Assert.All(correct.SelectMany(group => group.GetProperty("rollouts").EnumerateArray()), rollout =>
            Assert.Equal("Correct", Text(rollout, "verdict"))
        );
        Ended far = await Icpo.RunAsync("inspect", run, "--update", "9");
        Assert.Equal(2, far.ExitCode);
        Assert.Contains("has made 5", far.Errors);
    }

    private static async Task Replay(string run, TemporaryDirectory directory)
    {
        string again = Path.Combine(directory.Path, "again");
        Assert.Equal(0, (await Icpo.RunAsync("replay", run, "--output", again)).ExitCode);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000005"), again);
        string middle = Path.Combine(directory.Path, "middle");
        Ended part = await Icpo.RunAsync("replay", run, "--until", "4", "--output", middle, "--json");
        Assert.Equal(4, part.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        ExpectSame(Path.Combine(run, "checkpoints", "update-000004"), middle);
        Assert.Equal(2, (await Icpo.RunAsync("replay", run, "--output", middle)).ExitCode);
        Assert.Contains("Update 1 is the first with loss < 1000", (await Icpo.RunAsync("replay", run, "--bisect", "loss<1000")).Output);
        Ended unknown = await Icpo.RunAsync("replay", run, "--bisect", "los<1000");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("it has", unknown.Errors);
        Assert.Equal(1, (await Icpo.RunAsync("replay", run, "--bisect", "loss>1000")).ExitCode);
    }

    /// <summary>A bit of the tokens turned: the ledger and the replay name it.</summary>
    private static async Task Damage(string run)
    {
        string segment = Directory.GetFiles(Path.Combine(run, "payloads"), "*.segment")[0];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[60] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        Ended ledger = await Icpo.RunAsync("ledger", run);
        Assert.Equal(1, ledger.ExitCode);
        Assert.Contains("the ledger does not close", ledger.Errors);
        Assert.Contains(segment, ledger.Errors);
        Assert.NotEqual(0, (await Icpo.RunAsync("replay", run)).ExitCode);
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

    private static JsonElement Json(Ended ended)
    {
        Assert.Equal("", ended.Errors);
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
