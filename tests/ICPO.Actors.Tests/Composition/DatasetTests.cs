using System.Text.RegularExpressions;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tests.Composition;

public sealed class DatasetTests
{
    /// <summary>A row of every data set as people have it, in each of its published forms.</summary>
    public static TheoryData<string, string, string> Rows =>
        new()
        {
            { "gsm8k", """{"question": "q", "answer": "2 + 3 = <<2+3=5>>5\n#### 5"}""", "5" },
            { "math", """{"problem": "q", "solution": "so $\\boxed{5}$", "level": "Level 1", "type": "Algebra"}""", "5" },
            {
                "math500",
                """{"problem": "q", "solution": "so $\\boxed{5}$", "answer": "5", "subject": "Algebra", "level": 1, "unique_id": "a"}""",
                "5"
            },
            { "aime", """{"ID": "2024-I-4", "Problem": "q", "Solution": "s", "Answer": 5}""", "5" },
            { "aime", """{"id": 60, "problem": "q", "solution": "s", "answer": "5", "url": "u", "year": "2024"}""", "5" },
            { "aime", """{"question": "q", "answer": "5"}""", "5" },
            { "amc", """{"id": 0, "problem": "q", "answer": 5.0, "url": "u"}""", "5.0" },
            { "amc", """{"id": 0, "question": "q", "answer": "5", "url": "u"}""", "5" },
            { "minerva", """{"question": "q", "answer": "5"}""", "5" },
            { "minerva", """{"problem": "q", "solution": "so \\boxed{5}", "type": "Astronomy", "idx": 0}""", "5" },
            {
                "olympiadbench",
                """{"id": 1, "question": "q", "solution": ["s"], "final_answer": ["5"], "subfield": "Algebra", """
                    + """ "answer_type": "Numerical"}""",
                "5"
            },
            { "olympiadbench", """{"question": "q", "answer": "5"}""", "5" },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_data_set_reads_its_published_columns(string dataset, string row, string gold)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("test.jsonl"), row);
        RunSettings settings = IcpoConfiguration
            .Load(
                new ConfigurationSources { Overrides = [$"task.dataset={dataset}", $"task.jsonl.held-out-path={folder.In("test.jsonl")}"] }
            )
            .Settings;
        Assert.Equal(("jsonl", "math"), (settings.Task.Name, settings.Verification.Verifier));
        Question question = Assert.Single(ConfiguredTask.Create(settings).HeldOut(1, 10));
        Assert.Equal(("q", gold), (question.Text, question.Answer));
    }

    [Fact]
    public void Every_data_set_has_a_row_above_names_its_files_and_loads_back_from_its_effective_configuration()
    {
        Assert.Equal(Rows.Select(r => r.Data.Item1).Distinct().Order(StringComparer.Ordinal), IcpoConfiguration.Datasets);
        foreach (string dataset in IcpoConfiguration.Datasets)
        {
            Assert.Contains($" {dataset}", IcpoConfiguration.ReferenceText);
            var configuration = IcpoConfiguration.Load(
                new ConfigurationSources { Overrides = [$"task.dataset={dataset}", "task.jsonl.max-tokens=7"] }
            );
            Assert.NotEmpty(configuration.Settings.Task.BenchmarkFiles);
            Assert.Equal(7, configuration.Settings.Task.Jsonl.MaxTokens);
            var again = IcpoConfiguration.Load(
                new ConfigurationSources { Files = [new ConfigurationFile("effective.conf", configuration.Render())] }
            );
            Assert.Equal(configuration.Entries.Select(e => (e.Key, e.Value)), again.Entries.Select(e => (e.Key, e.Value)));
        }
    }

    [Fact]
    public void An_unknown_data_set_is_refused_with_the_known_ones_and_a_filter_without_rates_too()
    {
        Assert.Contains("aime, amc, gsm8k", Refused("task.dataset=gsm9k"));
        Assert.Contains("icpo.task.jsonl.minimum-pass-rate", Refused("task.jsonl.minimum-pass-rate=0.5"));
        Assert.Contains(
            "icpo.task.jsonl.maximum-pass-rate = 0.25",
            Refused("task.jsonl.minimum-pass-rate=0.5", "task.jsonl.maximum-pass-rate=0.25", "task.jsonl.fields.pass-rate=rate")
        );
        Assert.Contains("icpo.task.jsonl.maximum-pass-rate", Refused("task.jsonl.maximum-pass-rate=1.5"));
    }

    [Fact]
    public void A_chat_template_is_the_model_directorys_and_a_response_ends_where_a_turn_does()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(BundledModel.Path))
        {
            File.Copy(file, folder.In(Path.GetFileName(file)));
        }

        Assert.Null(ModelChatFormat.Find(folder.Path));
        File.WriteAllText(
            folder.In("chat_template.jinja"),
            "{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}\n{% endfor %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}"
        );
        ModelChatFormat chat = ModelChatFormat.Find(folder.Path)!;
        string end = Assert.Single(chat.EndsOfTurn);
        Assert.Equal($"[user]1+1?{end}\n[assistant]", chat.Prompt([new("user", "1+1?")]));
        Assert.Equal($"2{end}", chat.Response([new("user", "1+1?")], "2"));
        File.WriteAllText(folder.In("chat_template.jinja"), "{{ raise_exception('no system message') }}");
        Assert.Contains(
            "no system message",
            Assert.Throws<InvalidDataException>(() => ModelChatFormat.Find(folder.Path)!.Prompt([new("user", "x")])).Message
        );
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused_with_both_sizes()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(BundledModel.Path))
        {
            File.Copy(file, folder.In(Path.GetFileName(file)));
        }

        File.WriteAllText(
            folder.In("config.json"),
            Regex.Replace(File.ReadAllText(folder.In("config.json")), "\"vocab_size\": \\d+", "\"vocab_size\": 10")
        );
        RunSettings settings = IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"model.path={folder.Path}"] }).Settings;
        Assert.Matches(@"\b\d+ tokens\b.*\b10 rows\b", Assert.Throws<InvalidDataException>(() => settings.OpenModel()).Message);
    }

    private static string Refused(params string[] overrides) =>
        Assert
            .Throws<ConfigurationException>(() => IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }))
            .Message;
}
