using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;

namespace EndToEnd.Tests;

/// <summary>A model whose tokenizer adds a begin of text, asked by every command; with and without a chat template.</summary>
public sealed class PromptCommandTests : IDisposable
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}"
        + "{% if add_generation_prompt %}[assistant]{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plain_prompt_has_one_begin_of_text_in_every_command()
    {
        LongTests.Require();
        string model = Model(),
            questions = Questions();
        string run = _folder.Write("run.conf", Small(questions));

        ProcessEnd check = await IcpoProcess.RunAsync("config", "check", run, "--model", model, "--prompt");
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
        int[] ids = Ids(check.Output);
        Assert.Equal(1, ids[0]);
        Assert.StartsWith("Question: ", SmallModel.Tokenizer.Decode(ids.AsSpan(1)));
        Assert.DoesNotContain(1, ids[1..]);

        // Greedy decoding in generate gives the token that score finds most probable after the same ids.
        string prompt = SmallModel.Tokenizer.Decode(ids.AsSpan(1));
        JsonNode generated = JsonNode.Parse((await GenerateAsync(model, prompt)).Output)![0]!["tokens"]![0]!;
        double[] scores = await ScoreAsync(
            model,
            new JsonObject { ["prompt"] = prompt, ["ids"] = new JsonArray((int)generated["id"]!) },
            new JsonObject { ["prompt"] = $"<bos>{prompt}", ["ids"] = new JsonArray((int)generated["id"]!) },
            new JsonObject
            {
                ["prompt_ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
                ["ids"] = new JsonArray((int)generated["id"]!),
            }
        );
        Assert.All(scores, score => Assert.Equal((double)generated["log_probability"]!, score, 4));

        ProcessEnd without = await IcpoProcess.RunAsync([
            "config",
            "check",
            run,
            "--model",
            model,
            "--prompt",
            "--set",
            "model.special-tokens=none",
        ]);
        Assert.Equal(ids[1..], Ids(without.Output));

        ProcessEnd trained = await IcpoProcess.RunAsync("train", "--config", run, "--model", model, "--output", _folder.In("run"));
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("model.special-tokens", trained.Errors);
        Assert.Contains("model.special-tokens", File.ReadAllText(Path.Combine(_folder.In("run"), "run.log")));
        Assert.Contains(prompt.Split('\n')[0], trained.Output);
    }

    [Fact]
    public async Task A_model_with_a_template_is_asked_through_it_with_one_begin_of_text_and_plain_stays_a_choice()
    {
        string model = Model();
        File.WriteAllText(Path.Combine(model, "chat_template.jinja"), Template);
        string run = _folder.Write("run.conf", Small(Questions()));
        string[] check = ["config", "check", run, "--model", model, "--prompt"];

        int[] ids = Ids((await IcpoProcess.RunAsync(check)).Output);
        Assert.Equal(1, ids.Count(id => id == 1));
        Assert.StartsWith("<bos>[user]", SmallModel.Tokenizer.Decode(ids));
        Assert.EndsWith("<eos>[assistant]", SmallModel.Tokenizer.Decode(ids));

        int[] framed = Ids(
            (
                await IcpoProcess.RunAsync([
                    .. check,
                    "--set",
                    "task.prompt.system=Be brief.",
                    "--set",
                    "task.prompt.question=<{question}>",
                ])
            ).Output
        );
        Assert.StartsWith("<bos>[system]Be brief.<eos>[user]<", SmallModel.Tokenizer.Decode(framed));
        Assert.StartsWith(
            "<bos>Question: ",
            SmallModel.Tokenizer.Decode(Ids((await IcpoProcess.RunAsync([.. check, "--set", "task.prompt.style=plain"])).Output))
        );

        ProcessEnd chat = await GenerateAsync(model, "1+1?"),
            plain = await GenerateAsync(model, "<bos>[user]1+1?<eos>[assistant]", "--set", "task.prompt.style=plain");
        Assert.Contains("[user]1+1?", chat.Errors);
        Assert.Equal(plain.Output, chat.Output);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("begin")]
    [InlineData("auto")]
    public async Task Score_takes_the_rule_as_an_option(string rule)
    {
        string input = _folder.Write("in.jsonl", """{"text": "ab"}""");
        ProcessEnd ended = await IcpoProcess.RunAsync("score", input, "--model", Model(), "--special-tokens", rule);
        Assert.Equal(0, ended.ExitCode);
        int[] ids = [.. JsonNode.Parse(ended.Output)!["ids"]!.AsArray().Select(id => (int)id!)];
        Assert.Equal(rule == "none" ? SmallModel.Tokenizer.Encode("ab") : [1, .. SmallModel.Tokenizer.Encode("ab")], ids);
    }

    [Fact]
    public async Task An_unknown_rule_of_special_tokens_is_refused()
    {
        ProcessEnd ended = await IcpoProcess.RunAsync("score", "--special-tokens", "twice");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("--special-tokens twice", ended.Errors);
    }

    [Fact]
    public async Task Solutions_that_are_all_too_short_are_named_as_the_cause_of_an_empty_pool()
    {
        string run = _folder.Write("run.conf", Small(Questions(solution: "short")));
        ProcessEnd ended = await IcpoProcess.RunAsync("train", "--config", run, "--model", Model(), "--preset", "icpo");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("task.jsonl.demonstration-minimum-length = 58", ended.Errors);
    }

    [Fact]
    public async Task A_run_that_needs_more_memory_than_there_is_is_refused_with_a_key_to_go_on()
    {
        LongTests.Require();
        // The largest micro-batch that is allowed takes some 60 GB with the small model.
        Assert.SkipWhen(MachineMemory.Read().Bytes > 50_000_000_000, "This machine has too much memory for the test.");
        string run = _folder.Write("run.conf", Small(Questions()));
        string[] train =
        [
            "train",
            "--config",
            run,
            "--model",
            Model(),
            "--output",
            _folder.In("large"),
            "--set",
            "learner.micro-batch-tokens=16000000",
        ];
        ProcessEnd ended = await IcpoProcess.RunAsync(train);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("learner.micro-batch-tokens", ended.Errors);
        Assert.Contains("run.memory-check", ended.Errors);
        Assert.False(Directory.Exists(_folder.In("large")));
        ProcessEnd warned = await IcpoProcess.RunAsync([.. train, "--set", "run.memory-check=warn"]);
        Assert.Equal(0, warned.ExitCode);
        Assert.Contains("learner.micro-batch-tokens", warned.Errors);
    }

    private static Task<ProcessEnd> GenerateAsync(string model, string prompt, params string[] more) =>
        IcpoProcess.RunAsync([
            "generate",
            prompt,
            "--model",
            model,
            "--samples",
            "1",
            "--json",
            "--set",
            "sampler.temperature=0",
            "--set",
            "sampler.max-tokens=4",
            .. more,
        ]);

    private async Task<double[]> ScoreAsync(string model, params JsonObject[] lines)
    {
        string input = _folder.Write("score.jsonl", string.Join('\n', lines.Select(line => line.ToJsonString())));
        ProcessEnd ended = await IcpoProcess.RunAsync("score", input, "--model", model);
        Assert.Equal(0, ended.ExitCode);
        return
        [
            .. ended
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => (double)JsonNode.Parse(line)!["log_probabilities"]![0]!),
        ];
    }

    private static int[] Ids(string output)
    {
        string line = output.Split('\n').Last(l => l.StartsWith("ids: [", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<int[]>(line["ids: ".Length..])!;
    }

    private static string Small(string questions) =>
        $$"""
            icpo {
              preset = grpo
              run.updates = 1
              task { name = jsonl, jsonl { path = "{{questions}}", held-out-share = 0.3, max-tokens = 4 } }
              group { policy-rollouts = 2, groups-per-update = 2 }
              engine { count = 1, slots = 4, context = 256 }
              learner.micro-batch-tokens = 1024
              evaluation { every = 0, at-start = false, questions = 2, final-questions = 2 }
              checkpoint { every = 0, keep = 1 }
            }
            """;

    private string Questions(string solution = "A solution that is long enough to be shown as an example to the model.") =>
        _folder.Write(
            "questions.jsonl",
            string.Join(
                '\n',
                Enumerable.Range(0, 20).Select(i => $$"""{"question": "{{i}}+1?", "answer": "{{solution}} #### {{i + 1}}"}""")
            )
        );

    private string Model()
    {
        string path = _folder.In("model");
        if (Directory.Exists(path))
        {
            return path;
        }

        SmallModel.Create(_folder);
        string config = Path.Combine(path, "tokenizer_config.json");
        JsonObject settings = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        settings["add_bos_token"] = true;
        File.WriteAllText(config, settings.ToJsonString());
        return path;
    }
}
