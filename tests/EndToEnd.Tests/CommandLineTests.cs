namespace ICPO.Actors.EndToEnd.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("generate")]
    [InlineData("pretrain")]
    [InlineData("convert")]
    [InlineData("tokenize")]
    [InlineData("render")]
    [InlineData("score")]
    [InlineData("compare")]
    [InlineData("ledger")]
    [InlineData("inspect")]
    [InlineData("runs")]
    [InlineData("replay")]
    [InlineData("config")]
    [InlineData("config", "show")]
    [InlineData("config", "check")]
    public async Task The_help_of_every_command_shows_an_example(params string[] command)
    {
        Ended ended = await Icpo.RunAsync([.. command, "--help"]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        string example = ended.Output[ended.Output.IndexOf("Example", StringComparison.Ordinal)..];
        Assert.Contains($"icpo {string.Join(' ', command)}".TrimEnd(), example);
    }

    [Fact]
    public async Task Config_show_tells_every_key_with_its_source()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("run.conf", "icpo {\n  group.policy-rollouts = 4\n}");
        Ended ended = await Icpo.RunAsync(
            new Dictionary<string, string> { ["ICPO__EVALUATION__FINAL_QUESTIONS"] = "50" }, "config", "show", "--config", file, "--set", "run.updates=3", "--seed", "9");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Dictionary<string, string[]> lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            line => line.Split('=')[0].Trim(), line => line[(line.IndexOf('=') + 1)..].Split("  # ", StringSplitOptions.TrimEntries));
        Assert.Equal(IcpoConfiguration.Load().Entries.Select(e => e.Key).Order(), lines.Keys.Order());
        Assert.Equal(["4", $"{file}:2"], lines["icpo.group.policy-rollouts"]);
        Assert.Equal(["50", "environment ICPO__EVALUATION__FINAL_QUESTIONS"], lines["icpo.evaluation.final-questions"]);
        Assert.Equal(["3", "--set"], lines["icpo.run.updates"]);
        Assert.Equal(["9", "--set"], lines["icpo.run.seed"]);
        Assert.Equal(["0.2", "reference"], lines["icpo.objective.clip-low"]);
    }

    [Fact]
    public async Task Config_check_names_every_error_of_a_file_and_exits_with_2()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("run.conf", "icpo {\n  group.policy-rolouts = 4\n  model.dtype = float16\n}");
        Ended ended = await Icpo.RunAsync("config", "check", file);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains($"{file}:2", ended.Errors);
        Assert.Contains("nearest is icpo.group.policy-rollouts", ended.Errors);
        Assert.Contains($"{file}:3", ended.Errors);
        Assert.Contains("float32, bfloat16", ended.Errors);
        Assert.Equal(0, (await Icpo.RunAsync("config", "check", directory.File("good.conf", "icpo.run.updates = 3"))).ExitCode);
    }

    [Theory]
    [InlineData("no-such-file.conf", "config", "check", "no-such-file.conf")]
    [InlineData("icpo.run.updates = 0", "train", "--set", "run.updates=0")]
    [InlineData("key=value", "train", "--set", "run.updates")]
    [InlineData("ipco is not a preset", "train", "--preset", "ipco")]
    [InlineData("leave out the other options", "train", "--resume", "no-such-run", "--preset", "grpo")]
    [InlineData("no-such-run", "train", "--resume", "no-such-run")]
    [InlineData("no-such-model", "eval", "--model", "no-such-model")]
    [InlineData("no-such-model", "score", "--model", "no-such-model")]
    [InlineData("allowed: aime, amc, gsm8k", "eval", "--benchmark", "gsm9k")]
    [InlineData("looked for gsm8k/test.jsonl", "eval", "--benchmark", "gsm8k", "--set", "evaluation.data-directory=no-such-folder")]
    [InlineData("no-such-file", "eval", "--benchmark", "gsm8k", "--data", "no-such-file")]
    [InlineData("task.jsonl.path is empty", "eval", "--set", "task.name=jsonl")]
    [InlineData("no-such-model", "generate", "AB3142=", "--model", "no-such-model")]
    [InlineData("from 1 up", "generate", "AB3142=", "--samples", "0")]
    [InlineData("1,2,3 or 1-5", "compare", "--seeds", "3-1")]
    [InlineData("one of the arms", "compare", "--presets", "grpo,icpo", "--baseline", "sft")]
    [InlineData("LABEL:PRESET", "compare", "--arm", "long")]
    [InlineData("no-such-run", "ledger", "no-such-run")]
    [InlineData("no-such-run", "inspect", "no-such-run")]
    [InlineData("policy, expert", "inspect", "no-such-run", "--origin", "teacher")]
    [InlineData("correct, wrong", "inspect", "no-such-run", "--verdict", "1")]
    [InlineData("for example 12", "inspect", "no-such-run", "--group", "first")]
    [InlineData("numbered from 1", "inspect", "no-such-run", "--update", "0")]
    [InlineData("no-such-directory", "runs", "no-such-directory")]
    [InlineData("no-such-run", "replay", "no-such-run")]
    [InlineData("METRIC>BOUND", "replay", "no-such-run", "--bisect", "reward/policy=1")]
    [InlineData("trian", "trian")]
    public async Task Bad_input_ends_with_exit_code_2_and_one_message_on_standard_error(string said, params string[] arguments)
    {
        Ended ended = await Icpo.RunAsync(arguments);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("icpo: ", ended.Errors);
        Assert.Contains(said, ended.Errors);
        Assert.DoesNotContain("   at ", ended.Errors);
    }
}
