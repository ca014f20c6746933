using System.Globalization;
using System.Text.RegularExpressions;
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
    [InlineData("serve")]
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
        ProcessEnd ended = await IcpoProcess.RunAsync([.. command, "--help"]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        string example = ended.Output[ended.Output.IndexOf("Example", StringComparison.Ordinal)..];
        Assert.Contains($"icpo {string.Join(' ', command)}".TrimEnd(), example);
    }

    [Fact]
    public async Task Config_show_lists_every_key_with_its_source()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("run.conf", "icpo {\n  group.policy-rollouts = 4\n}");
        ProcessEnd ended = await IcpoProcess.RunAsync(
            new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO__EVALUATION__FINAL_QUESTIONS"] = "50" } },
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
        using var directory = new TemporaryFolder();
        string file = directory.Write("run.conf", "icpo {\n  group.policy-rolouts = 4\n  model.dtype = float16\n}");
        ProcessEnd ended = await IcpoProcess.RunAsync("config", "check", file);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains($"{file}:2", ended.Errors);
        Assert.Contains("icpo.group.policy-rollouts", ended.Errors);
        Assert.Contains($"{file}:3", ended.Errors);
        Assert.Contains("float32, bfloat16", ended.Errors);
    }

    [Fact]
    public async Task Config_check_estimates_the_memory_of_a_run_if_the_model_exists()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("good.conf", "icpo {\n  run.updates = 3\n  model.path = not-here\n}");
        ProcessEnd absent = await IcpoProcess.RunAsync("config", "check", file);
        Assert.Equal(0, absent.ExitCode);
        Assert.Contains("not-here", absent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" MB", absent.Output, StringComparison.Ordinal);
        string[] sizes =
        [
            .. (
                await Task.WhenAll(
                    new[] { "engine.slots = 7", "engine.slots = 15" }.Select(
                        async (key, i) =>
                            (
                                await IcpoProcess.RunAsync(
                                    "config",
                                    "check",
                                    directory.Write($"{i}.conf", $"icpo.{key}"),
                                    "--model",
                                    BundledModel.Path
                                )
                            ).Output
                    )
                )
            ),
        ];
        double[] caches =
        [
            .. sizes.Select(output =>
                double.Parse(Regex.Match(output, @"([\d.]+) MB for the (KV )?cache").Groups[1].Value, CultureInfo.InvariantCulture)
            ),
        ];
        Assert.Equal(2, caches[1] / caches[0]);
    }

    [Fact]
    public async Task Config_check_reads_the_environment_as_train_does()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("run.conf", "icpo.engine { slots = 7, context = 40 }");
        ProcessEnd valid = await CheckAsync("50");
        Assert.Equal((0, ""), (valid.ExitCode, valid.Errors));
        Assert.Matches(@"cache\D+ 7 \D+ 50 ", valid.Output);
        Assert.Contains("icpo.engine.context = 50, from the environment ICPO__ENGINE__CONTEXT.", valid.Output, StringComparison.Ordinal);
        ProcessEnd wrong = await CheckAsync("few");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("ICPO__ENGINE__CONTEXT", wrong.Errors, StringComparison.Ordinal);

        Task<ProcessEnd> CheckAsync(string context) =>
            IcpoProcess.RunAsync(
                new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO__ENGINE__CONTEXT"] = context } },
                "config",
                "check",
                file
            );
    }

    [Fact]
    public async Task Config_check_overrides_files_by_later_files_and_by_settings()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("run.conf", "icpo.engine { slots = 7, context = 40 }"),
            over = directory.Write("over.conf", "icpo.engine.slots = 15");
        ProcessEnd both = await IcpoProcess.RunAsync("config", "check", file, over, "--set", "engine.context=50");
        Assert.Equal((0, ""), (both.ExitCode, both.Errors));
        Assert.Matches(@"cache\D+ 15 \D+ 50 ", both.Output);
        ProcessEnd wrong = await IcpoProcess.RunAsync("config", "check", file, "--set", "engine.context=few");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("icpo.engine.context", wrong.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.conf", "config", "check", "no-such-file.conf")]
    [InlineData("icpo.run.updates = 0", "train", "--set", "run.updates=0")]
    [InlineData("key=value", "train", "--set", "run.updates")]
    [InlineData("icpo.preset = ipco", "train", "--preset", "ipco")]
    [InlineData("--resume", "train", "--resume", "no-such-run", "--preset", "grpo")]
    [InlineData("no-such-run", "train", "--resume", "no-such-run")]
    [InlineData("no-such-model", "eval", "--model", "no-such-model")]
    [InlineData("no-such-model", "score", "--model", "no-such-model")]
    [InlineData("aime, amc, gsm8k", "eval", "--benchmark", "gsm9k")]
    [InlineData("gsm8k/test.jsonl", "eval", "--benchmark", "gsm8k", "--set", "evaluation.data-directory=no-such-folder")]
    [InlineData("no-such-file", "eval", "--benchmark", "gsm8k", "--data", "no-such-file")]
    [InlineData("icpo.task.jsonl.path", "eval", "--set", "task.name=jsonl")]
    [InlineData("no-such-model", "generate", "AB3142=", "--model", "no-such-model")]
    [InlineData("--samples 0", "generate", "AB3142=", "--samples", "0")]
    [InlineData("--seeds 3-1", "compare", "--seeds", "3-1")]
    [InlineData("--baseline sft", "compare", "--presets", "grpo,icpo", "--baseline", "sft")]
    [InlineData("LABEL:PRESET", "compare", "--arm", "long")]
    [InlineData("no-such-run", "ledger", "no-such-run")]
    [InlineData("no-such-run", "inspect", "no-such-run")]
    [InlineData("policy, expert", "inspect", "no-such-run", "--origin", "teacher")]
    [InlineData("correct, wrong", "inspect", "no-such-run", "--verdict", "1")]
    [InlineData("--group first", "inspect", "no-such-run", "--group", "first")]
    [InlineData("--update 0", "inspect", "no-such-run", "--update", "0")]
    [InlineData("no-such-directory", "runs", "no-such-directory")]
    [InlineData("no-such-run", "replay", "no-such-run")]
    [InlineData("no-such-answers", "verify", "no-such-answers")]
    [InlineData("--workers 0", "verify", "--workers", "0")]
    [InlineData("verifier = maths", "verify", "--verifier", "maths")]
    [InlineData("METRIC>BOUND", "replay", "no-such-run", "--bisect", "reward/policy=1")]
    [InlineData("'trian'", "trian")]
    [InlineData("'--seeed'", "train", "--seeed", "3")]
    public async Task Bad_input_ends_with_exit_code_2_and_one_message_on_standard_error(string expected, params string[] arguments)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync(arguments);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("icpo: ", ended.Errors);
        Assert.Contains(expected, ended.Errors);
        Assert.DoesNotContain("   at ", ended.Errors);
    }

    [Theory]
    [InlineData("verify", "--verifer")]
    [InlineData("inspect", "--groups")]
    [InlineData("generate", "--sampels")]
    public async Task A_misspelled_option_is_not_taken_as_a_file_or_a_prompt(string command, string option)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync(command, option);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("icpo: ", ended.Errors);
        Assert.Contains($"'{option}'", ended.Errors);
        Assert.Contains($"icpo {command} --help", ended.Errors);
    }

    [Fact]
    public async Task The_schema_of_a_command_is_in_its_own_help_only()
    {
        Assert.DoesNotContain("log_probabilities", (await IcpoProcess.RunAsync("--help")).Output);
        foreach (string command in (string[])["tokenize", "render", "verify", "score"])
        {
            string help = (await IcpoProcess.RunAsync(command, "--help")).Output;
            Assert.Matches("(?m)^Input\\b.*JSON", help);
            Assert.Matches("(?m)^Output\\b.*JSON", help);
            Assert.Contains($"icpo {command}", help[help.IndexOf("Examples:", StringComparison.Ordinal)..]);
        }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("thread")]
    public async Task Verify_writes_verdicts_and_extracted_answers_in_the_order_of_the_lines(string isolation)
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write(
            "cases.jsonl",
            """
            {"id": 1, "gold": "\\frac{1}{2}", "prediction": "So the answer is 0.5."}

            {"id": "b", "gold": 7, "prediction": "\\boxed{8}"}
            {"gold": "$x \\frac{", "prediction": "5"}
            {"gold": "7", "prediction": "I have no idea."}
            """
        );
        ProcessEnd ended = await IcpoProcess.RunAsync("verify", file, "--set", $"verification.isolation={isolation}");
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
            $"icpo: 4 verified: 1 correct, 1 wrong, 1 unparseable, 1 crashed. 1 invalid gold answers: {file}:4.",
            ended.Errors.TrimEnd()
        );
    }

    [Theory]
    [InlineData("{\"gold\": 1", "2:")]
    [InlineData("[1]", "2:", "array")]
    [InlineData("{\"gold\": \"1\"}", "2:", "prediction")]
    [InlineData("{\"gold\": \"1\", \"gold\": \"2\", \"prediction\": \"1\"}", "2:", "'gold'")]
    [InlineData("{\"gold\": [1], \"prediction\": \"1\"}", "2:", "gold")]
    [InlineData("{\"gold\": 1, \"predictoin\": \"1\"}", "2:", "'predictoin'")]
    public async Task Verify_names_an_invalid_line(string line, string place, string key = "")
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("cases.jsonl", "{\"gold\": \"1\", \"prediction\": \"1\"}\n" + line + "\n");
        ProcessEnd ended = await IcpoProcess.RunAsync("verify", file, "--verifier", "exact");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"{file}:{place}", ended.Errors);
        Assert.Contains(key, ended.Errors);
    }
}
