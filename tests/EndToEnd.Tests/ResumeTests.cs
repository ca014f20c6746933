using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>What a run that goes on accepts and refuses, with the real executable.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_longer_run_has_the_weights_of_one_that_was_as_long_from_the_start_and_replays()
    {
        LongTests.Require();
        string whole = _folder.In("whole"),
            extended = _folder.In("extended");
        await SucceedAsync([.. new SmallRun(0, 4).Train(whole)]);
        await SucceedAsync([.. new SmallRun(0, 2).Train(extended)]);

        ProcessEnd finished = await SucceedAsync(SmallRun.Resume(extended));
        Assert.Contains(extended, finished.Output);
        Assert.Equal(1, Starts(extended));

        await SucceedAsync([.. SmallRun.Resume(extended), "--set", "run.updates=4"]);
        Assert.Equal(4, RunHistory.Read(extended).Summary!.Updates);
        Assert.Equal(Weights(whole, 4), Weights(extended, 4));
        Assert.Contains(RunHistory.Read(extended).Events, line => line.Kind == EventKinds.KeyChanged && line.Update == 2);
        await SucceedAsync("replay", extended);
        Assert.Empty(Directory.GetFiles(new RunDirectory(extended).Policies));

        ProcessEnd shorter = await IcpoProcess.RunAsync([.. SmallRun.Resume(extended), "--set", "run.updates=3"]);
        Assert.Equal(0, shorter.ExitCode);
        Assert.Equal(2, Starts(extended));
    }

    [Fact]
    public async Task Fixed_keys_are_refused_by_name_from_the_command_line_and_from_the_environment()
    {
        string run = _folder.In("run");
        await SucceedAsync(new SmallRun(1, 1).Train(run));
        string[] more = [.. SmallRun.Resume(run), "--set", "run.updates=2"];
        string before = Snapshot(run);

        ProcessEnd set = await IcpoProcess.RunAsync([.. more, "--set", "optimizer.learning-rate=1e-5"]);
        Assert.Equal(2, set.ExitCode);
        Assert.Contains("icpo.optimizer.learning-rate", set.Errors);

        var options = new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO__GROUP__POLICY_ROLLOUTS"] = "2" } };
        ProcessEnd environment = await IcpoProcess.RunAsync(options, more);
        Assert.Equal(2, environment.ExitCode);
        Assert.Contains("ICPO__GROUP__POLICY_ROLLOUTS", environment.Errors);

        foreach (string[] other in new[] { ["--preset", "grpo"], ["--seed", "3"], ["--model", "m"], new[] { "--output", "o" } })
        {
            ProcessEnd refused = await IcpoProcess.RunAsync([.. more, .. other]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(other[0], refused.Errors);
        }

        Assert.Equal(before, Snapshot(run));

        options = new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO__RUN__UPDATES"] = "2" } };
        ProcessEnd applied = await IcpoProcess.RunAsync(options, SmallRun.Resume(run));
        Assert.Equal((0, 2L), (applied.ExitCode, RunHistory.Read(run).Summary!.Updates));
    }

    [Fact]
    public async Task A_changed_data_set_ends_a_resume_and_a_replay_with_its_name_unless_it_is_accepted()
    {
        LongTests.Require();
        string run = _folder.In("run");
        string data = _folder.Write("train.jsonl", Questions(0, 40));
        string[] small = ["--model", SmallModel.Create(_folder), "--data", data, "--set", "task.jsonl.max-tokens=4"];
        await SucceedAsync([.. new SmallRun(0, 1).Train(run), .. small, "--set", "engine.context=512"]);
        using (var inputs = JsonDocument.Parse(await File.ReadAllTextAsync(new RunDirectory(run).Inputs)))
        {
            JsonElement[] all = [.. inputs.RootElement.GetProperty("inputs").EnumerateArray()];
            Assert.Contains(all, input => input.TryGetProperty("path", out JsonElement path) && path.GetString() == data);
            Assert.All(all, input => Assert.Equal(64, input.GetProperty("sha256").GetString()!.Length));
        }

        DateTime written = File.GetLastWriteTimeUtc(data);
        await File.WriteAllTextAsync(data, Questions(0, 40).Replace("apples", "APPLES"));
        File.SetLastWriteTimeUtc(data, written);
        string before = Snapshot(run);
        string[] more = [.. SmallRun.Resume(run), "--set", "run.updates=2"];
        foreach (string[] command in new[] { more, ["replay", run] })
        {
            ProcessEnd refused = await IcpoProcess.RunAsync(command);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(data, refused.Errors);
            Assert.Contains("--accept-changed-inputs", refused.Errors);
            Assert.Single(refused.Errors.TrimEnd().Split('\n'));
        }

        Assert.Equal(before, Snapshot(run));
        ProcessEnd accepted = await IcpoProcess.RunAsync([.. more, "--accept-changed-inputs"]);
        Assert.Equal(0, accepted.ExitCode);
        Assert.Contains(RunHistory.Read(run).Events, line => line.Kind == EventKinds.InputChanged && line.Text.Contains(data));
        await SucceedAsync("replay", run);

        File.Delete(data);
        ProcessEnd gone = await IcpoProcess.RunAsync([.. SmallRun.Resume(run), "--set", "run.updates=3"]);
        Assert.Equal(2, gone.ExitCode);
        Assert.Contains(data, gone.Errors);
    }

    [Fact]
    public async Task A_model_that_has_moved_goes_on_from_its_new_place_and_a_changed_one_does_not()
    {
        string model = _folder.In("model with a space");
        Copy(Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules"), model);
        string run = _folder.In("run");
        await SucceedAsync([.. new SmallRun(0, 1).Train(run), "--model", model]);
        string moved = _folder.In("moved");
        Directory.Move(model, moved);
        ProcessEnd gone = await IcpoProcess.RunAsync([.. SmallRun.Resume(run), "--set", "run.updates=2"]);
        Assert.Equal(2, gone.ExitCode);
        Assert.Contains(model, gone.Errors);
        await SucceedAsync([.. SmallRun.Resume(run), "--set", "run.updates=2", "--set", $"model.path={moved}"]);

        byte[] tokenizer = await File.ReadAllBytesAsync(Path.Combine(moved, "tokenizer.json"));
        await File.WriteAllBytesAsync(Path.Combine(moved, "tokenizer.json"), [.. tokenizer, (byte)' ']);
        ProcessEnd changed = await IcpoProcess.RunAsync("replay", run);
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains(Path.Combine(moved, "tokenizer.json"), changed.Errors);
    }

    [Fact]
    public async Task Two_runs_that_start_in_the_same_second_get_two_directories()
    {
        string[] command = [.. new SmallRun(1, 1).Train("unused").Where(part => part is not ("--output" or "unused"))];
        ProcessEnd[] ended = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => IcpoProcess.RunAsync(new ProcessOptions { Directory = _folder.Path }, command))
        );
        Assert.All(ended, end => Assert.Equal((0, ""), (end.ExitCode, end.Errors)));
        Assert.Equal(3, Directory.GetDirectories(_folder.In("runs")).Length);
        ProcessEnd listed = await IcpoProcess.RunAsync("runs", _folder.In("runs"), "--json");
        Assert.All(JsonDocument.Parse(listed.Output).RootElement.EnumerateArray(), entry =>
            Assert.Equal("completed", entry.GetProperty("state").GetString())
        );
    }

    [Fact]
    public async Task A_run_whose_directory_is_removed_ends_with_that_reason()
    {
        string path = _folder.In("run");
        ProcessEnd end = await IcpoProcess.RunAsync(
            new ProcessOptions { Since = "training", OnceSeen = () => Directory.Move(path, _folder.In("removed")) },
            new SmallRun(1, 100_000).Train(path)
        );
        Assert.Equal(1, end.ExitCode);
        Assert.Contains(path, end.Errors);
        Assert.False(Directory.Exists(Path.Combine(path, "policies")), "the run must not create its directory again");
    }

    [Fact]
    public async Task A_run_without_signal_says_so_and_stops_where_that_is_configured()
    {
        string path = _folder.In("run");
        string[] command =
        [
            .. new SmallRun(0, 30).Train(path),
            "--set",
            "health.updates=2",
            "--set",
            "sampler.max-tokens=1",
            "--set",
            "run.health=stop",
        ];
        ProcessEnd end = await IcpoProcess.RunAsync(command);
        RunSummary summary = RunHistory.Read(path).Summary!;
        Assert.Equal((1, "stopped"), (end.ExitCode, summary.State));
        Assert.Contains(summary.Health, finding => finding.Rule == "cut-off");
        Assert.Contains(summary.Health, finding => finding.Rule == "no-signal");
        Assert.NotNull(summary.StoppedBy);
        Assert.Contains(RunHistory.Read(path).Events, line => line.Kind == EventKinds.Health);
        Assert.Contains("sampler.max-tokens", await File.ReadAllTextAsync(new RunDirectory(path).Report));
        ProcessEnd inspected = await IcpoProcess.RunAsync("inspect", path, "--origin", "expert", "--json");
        JsonElement dropped = JsonDocument.Parse(inspected.Output).RootElement[0].GetProperty("dropped")[0];
        Assert.Equal(JsonValueKind.String, dropped.GetProperty("text").ValueKind);
    }

    private static async Task<ProcessEnd> SucceedAsync(params string[] command)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(command);
        Assert.True(end.ExitCode == 0 && end.Errors.Length == 0, end.ToString());
        return end;
    }

    private static int Starts(string run) =>
        RunHistory.Read(run).Events.Count(line => line.Kind is EventKinds.Started or EventKinds.Resumed);

    private static byte[] Weights(string run, int version) =>
        File.ReadAllBytes(Path.Combine(run, "checkpoints", $"update-{version:D6}", "model.safetensors"));

    /// <summary>What a refused command must not touch.</summary>
    private static string Snapshot(string run)
    {
        var directory = new RunDirectory(run);
        return string.Concat(new[] { directory.EffectiveConfiguration, directory.Inputs, directory.Events }.Select(File.ReadAllText));
    }

    private static string Questions(int first, int count) =>
        string.Concat(
            Enumerable
                .Range(first, count)
                .Select(i =>
                    $$"""
                        {"question": "{{i}} apples and one?", "answer": "{{i + 1}}",
                        "solution": "There are {{i + 1}} of them, since one apple is added to the others."}
                        """.ReplaceLineEndings(" ") + "\n"
                )
        );

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
