using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;

namespace EndToEnd.Tests;

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
    [InlineData("verify")]
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
            new Dictionary<string, string> { ["ICPO__EVALUATION__FINAL_QUESTIONS"] = "50" },
            "config",
            "show",
            "--config",
            file,
            "--set",
            "run.updates=3",
            "--seed",
            "9"
        );
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Dictionary<string, string[]> lines = ended
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(
                line => line.Split('=')[0].Trim(),
                line => line[(line.IndexOf('=') + 1)..].Split("  # ", StringSplitOptions.TrimEntries)
            );
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
    }

    [Fact]
    public async Task Config_check_tells_what_memory_a_run_takes_where_the_model_is_there()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("good.conf", "icpo {\n  run.updates = 3\n  model.path = not-here\n}");
        Ended absent = await Icpo.RunAsync("config", "check", file);
        Assert.Equal(0, absent.ExitCode);
        Assert.Contains("model in not-here is not there", absent.Output, StringComparison.Ordinal);
        string[] sizes =
        [
            .. (
                await Task.WhenAll(
                    new[] { "engine.slots = 7", "engine.slots = 15" }.Select(
                        async (key, i) =>
                            (
                                await Icpo.RunAsync(
                                    "config",
                                    "check",
                                    directory.File($"{i}.conf", $"icpo.{key}"),
                                    "--model",
                                    BundledModel.Path
                                )
                            ).Output
                    )
                )
            ),
        ];
        Assert.All(sizes, said => Assert.Contains("The learner takes up to", said, StringComparison.Ordinal));
        double[] caches =
        [
            .. sizes.Select(said =>
                double.Parse(said.Split(" MB for the cache")[0].Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)
            ),
        ];
        Assert.Equal(2, caches[1] / caches[0]);
    }

    [Fact]
    public async Task Config_check_lays_files_and_settings_over_each_other()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("run.conf", "icpo.engine { slots = 7, context = 40 }"),
            over = directory.File("over.conf", "icpo.engine.slots = 15");
        Ended both = await Icpo.RunAsync("config", "check", file, over, "--set", "engine.context=50");
        Assert.Equal((0, ""), (both.ExitCode, both.Errors));
        Assert.Contains("cache of 15 sequences of 50 tokens", both.Output, StringComparison.Ordinal);
        Ended wrong = await Icpo.RunAsync("config", "check", file, "--set", "engine.context=few");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("icpo.engine.context", wrong.Errors, StringComparison.Ordinal);
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
    [InlineData("no-such-answers", "verify", "no-such-answers")]
    [InlineData("from 1 up", "verify", "--workers", "0")]
    [InlineData("verifier = maths", "verify", "--verifier", "maths")]
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

    [Theory]
    [InlineData("verify", "--verifer")]
    [InlineData("inspect", "--groups")]
    [InlineData("generate", "--sampels")]
    public async Task A_misspelt_option_does_not_pass_for_a_file_or_a_prompt(string command, string option)
    {
        Ended ended = await Icpo.RunAsync(command, option);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"icpo: Unrecognized option '{option}'. See icpo {command} --help", ended.Errors);
    }

    [Fact]
    public async Task The_overview_has_a_sentence_for_every_command_and_the_schema_stands_in_its_own_help()
    {
        Assert.DoesNotContain("log_probabilities", (await Icpo.RunAsync("--help")).Output);
        foreach (string command in (string[])["tokenize", "render", "verify", "score"])
        {
            string help = (await Icpo.RunAsync(command, "--help")).Output;
            Assert.Contains("In, one JSON object a line", help);
            Assert.Contains("Out, one JSON object a line", help);
            Assert.Contains($"icpo {command}", help[help.IndexOf("Examples:", StringComparison.Ordinal)..]);
        }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("thread")]
    public async Task Verify_tells_verdicts_and_what_was_extracted_in_the_order_of_the_lines(string isolation)
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File(
            "cases.jsonl",
            """
            {"id": 1, "gold": "\\frac{1}{2}", "prediction": "So the answer is 0.5."}

            {"id": "b", "gold": 7, "prediction": "\\boxed{8}"}
            {"gold": "$x \\frac{", "prediction": "5"}
            {"gold": "7", "prediction": "I have no idea."}
            """
        );
        Ended ended = await Icpo.RunAsync("verify", file, "--set", $"verification.isolation={isolation}");
        Assert.Equal(1, ended.ExitCode);
        string[] lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            """{"id":1,"verdict":"correct","reward":1,"extracted":"0.5","gold_extracted":"\\frac{1}{2}","detail":null}""",
            lines[0]
        );
        Assert.StartsWith("""{"id":"b","verdict":"wrong","reward":0,"extracted":"8","gold_extracted":"7",""", lines[1]);
        Assert.StartsWith("""{"id":null,"verdict":"crashed","reward":null,"extracted":null,"gold_extracted":null,""", lines[2]);
        Assert.StartsWith("""{"id":null,"verdict":"unparseable","reward":0,""", lines[3]);
        Assert.Equal(
            $"icpo: 4 judged: 1 correct, 1 wrong, 1 unparseable, 1 crashed. 1 gold answers cannot be read: {file}:4.",
            ended.Errors.TrimEnd()
        );
    }

    [Theory]
    [InlineData("{\"gold\": 1", "2: the line is not one complete JSON object")]
    [InlineData("[1]", "2: the line is a JSON array")]
    [InlineData("{\"gold\": \"1\"}", "2: prediction is missing")]
    [InlineData("{\"gold\": \"1\", \"gold\": \"2\", \"prediction\": \"1\"}", "2: the key 'gold' is given twice")]
    [InlineData("{\"gold\": [1], \"prediction\": \"1\"}", "2: gold must be a string or a number")]
    [InlineData("{\"gold\": 1, \"predictoin\": \"1\"}", "2: the key 'predictoin' is not known")]
    public async Task Verify_names_the_line_it_cannot_read(string line, string said)
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("cases.jsonl", "{\"gold\": \"1\", \"prediction\": \"1\"}\n" + line + "\n");
        Ended ended = await Icpo.RunAsync("verify", file, "--verifier", "exact");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"{file}:{said}", ended.Errors);
    }
}
