using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.Datasets;

public sealed class JsonlTaskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Training_held_out_and_pool_never_meet()
    {
        string file = Write("all.jsonl", Enumerable.Range(0, 300).Select(i => ($"q{i % 200}", new string('s', 60))));
        Gen.Select(Gen.ULong, Gen.Double[0.05, 0.9])
            .Sample(
                (seed, share) =>
                {
                    var task = new JsonlTask(
                        new()
                        {
                            Path = file,
                            SplitSeed = seed,
                            HeldOutShare = share,
                        }
                    );
                    HashSet<string> heldOut = [.. task.HeldOut(seed, 1000).Select(q => q.Text)];
                    Assert.Equal(300, task.TrainingCount + task.HeldOutCount);
                    Assert.DoesNotContain(Enumerable.Range(0, task.TrainingCount).Select(i => task.Train(seed, i).Text), heldOut.Contains);
                    Assert.DoesNotContain(task.Pool, d => heldOut.Contains(d.Question));
                },
                iter: 30
            );
    }

    [Fact]
    public void An_epoch_asks_every_question_once_in_an_order_of_the_seed()
    {
        var task = new JsonlTask(new() { Path = Write("a.jsonl", Rows("q", 50)), HeldOutShare = 0.2 });
        string[] first = Epoch(1, 0),
            second = Epoch(1, 1),
            other = Epoch(2, 0);
        Assert.Equal(task.TrainingCount, first.Distinct().Count());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(first, Epoch(1, 0));

        string[] Epoch(ulong seed, int epoch) =>
            [.. Enumerable.Range(epoch * task.TrainingCount, task.TrainingCount).Select(i => task.Train(seed, i).Id)];
    }

    [Fact]
    public void A_question_that_the_held_out_file_asks_is_not_trained_on_and_counted()
    {
        string train = Write("train.jsonl", Rows("q", 10)),
            heldOut = Write("test.jsonl", [("q3", "x"), ("other", "y")]);
        var task = new JsonlTask(
            new()
            {
                Path = train,
                HeldOutPath = heldOut,
                DemonstrationPath = train,
                DemonstrationMinimumLength = 0,
            }
        );
        Assert.Equal((9, 2, 1), (task.TrainingCount, task.HeldOutCount, task.Overlap));
        Assert.DoesNotContain(task.Pool, d => d.Question == "q3");
    }

    [Fact]
    public void Short_solutions_and_those_with_links_are_not_demonstrations()
    {
        string pool = Write(
            "pool.jsonl",
            [("short", new string('s', 57)), ("long", new string('s', 58)), ("link", "see https://example.org " + new string('s', 58))]
        );
        var task = new JsonlTask(
            new()
            {
                Path = Write("a.jsonl", Rows("q", 20)),
                HeldOutShare = 0.3,
                DemonstrationPath = pool,
            }
        );
        Assert.Equal(["long"], task.Pool.Select(d => d.Question));
    }

    [Fact]
    public void A_demonstration_never_equals_the_question()
    {
        var task = new JsonlTask(
            new()
            {
                Path = Write("a.jsonl", Rows("q", 12)),
                HeldOutShare = 0.2,
                DemonstrationMinimumLength = 0,
            }
        );
        Gen.Select(Gen.ULong, Gen.Long[0, 100], Gen.Int[0, 20])
            .Sample(
                (seed, index, count) =>
                {
                    Question question = task.Train(1, index);
                    string[] shown = [.. task.Demonstrate(question, seed, count).Select(d => d.Question)];
                    Assert.DoesNotContain(question.Text, shown);
                    Assert.Equal(Math.Min(count, task.TrainingCount - 1), shown.Distinct().Count());
                }
            );
    }

    [Fact]
    public void A_prompt_has_the_plain_text_form_of_the_paper()
    {
        var task = new JsonlTask(new() { Path = Write("a.jsonl", Rows("q", 20)), HeldOutShare = 0.3 });
        var example = new Demonstration
        {
            Id = "d",
            Question = "1+1?",
            Solution = "It is 2.",
        };
        Assert.Equal("Question: 2+2?\nAnswer:", task.Prompt("2+2?", []));
        Assert.Equal("Question: 1+1?\nAnswer: It is 2.\n\n\nQuestion: 2+2?\nAnswer:", task.Prompt("2+2?", [example]));
        Assert.StartsWith(task.Prompt(example.Question, []) + task.Response(example), task.Prompt("2+2?", [example]));
    }

    [Fact]
    public void Settings_out_of_range_and_splits_without_questions_are_refused()
    {
        string file = Write("a.jsonl", Rows("q", 1));
        Assert.Contains(
            "held-out share",
            Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, HeldOutShare = 1 })).Message
        );
        Assert.Contains("tokens", Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, MaxTokens = 0 })).Message);
        Assert.Contains(
            "stop string",
            Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, StopStrings = [""] })).Message
        );
        Assert.Contains("of 1 rows", Assert.Throws<InvalidDataException>(() => new JsonlTask(new() { Path = file })).Message);
        Assert.Contains(
            "The path of the data set is empty",
            Assert.Throws<InvalidDataException>(() => TaskRegistry.Create(new() { Name = "jsonl" })).Message
        );
        Assert.Contains(
            "known are symbol-rules, arithmetic, jsonl",
            Assert.Throws<ArgumentException>(() => TaskRegistry.Create(new() { Name = "geometry" })).Message
        );
        Assert.IsType<SymbolRulesTask>(TaskRegistry.Create(new()));
    }

    [Fact]
    public void Training_leaves_out_what_is_too_easy_or_too_hard_and_its_solutions_stay_in_the_pool()
    {
        string file = WriteLines(
            "rated.jsonl",
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            question = $"q{i}",
                            answer = $"solution {i}",
                            rate = i % 5 / 4.0,
                        }
                    )
                )
        );
        var settings = new JsonlSettings
        {
            Path = file,
            HeldOutShare = 0.2,
            DemonstrationMinimumLength = 0,
            Fields = new() { PassRate = "rate" },
        };
        JsonlTask all = new(settings),
            some = new(settings with { MinimumPassRate = 0.25, MaximumPassRate = 0.5 });
        Assert.Equal(all.TrainingCount, some.TrainingCount + some.FilteredCount);
        Assert.All(Enumerable.Range(0, some.TrainingCount), i =>
            Assert.InRange(int.Parse(some.Train(1, i).Text[1..], CultureInfo.InvariantCulture) % 5, 1, 2)
        );
        Assert.Equal((all.HeldOutCount, all.Pool.Length), (some.HeldOutCount, some.Pool.Length));
        Assert.Contains("left out for their pass rate", Assert.Single(some.Notes));

        string rates = WriteLines(
            "rates.jsonl",
            Enumerable
                .Range(1, 40)
                .Select(line =>
                    JsonSerializer.Serialize(
                        new
                        {
                            id = $"rated.jsonl:{line}",
                            samples = 4,
                            pass_rate = (line - 1) % 5 / 4.0,
                        }
                    )
                )
        );
        var measured = new JsonlTask(settings with { Fields = new(), PassRatePath = rates, MinimumPassRate = 0.25, MaximumPassRate = 0.5 });
        Assert.Equal(some.TrainingCount, measured.TrainingCount);
        File.WriteAllLines(rates, File.ReadAllLines(rates)[..5]);
        Assert.Contains(
            "no pass rate for the question 'rated.jsonl:",
            Assert.Throws<InvalidDataException>(() => new JsonlTask(settings with { PassRatePath = rates })).Message
        );
        WriteLines("rated.jsonl", ["{\"question\": \"a\", \"answer\": 1, \"rate\": 2}"]);
        Assert.Contains(
            ":1: the field 'rate' is not a pass rate",
            Assert.Throws<InvalidDataException>(() => new JsonlTask(settings)).Message
        );
    }

    [Fact]
    public void A_chat_is_put_by_the_template_with_its_system_message_first_and_demonstrations_as_earlier_turns()
    {
        string file = WriteLines(
            "chats.jsonl",
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            prompt = new[] { new { role = "system", content = "Be brief." }, new { role = "user", content = $"{i}+1?" } },
                            reward_model = new { ground_truth = $"{i + 1}" },
                            extra_info = new { answer = $"{i} and one is {i + 1}.\n#### {i + 1}" },
                        }
                    )
                )
        );
        var settings = new JsonlSettings
        {
            Path = file,
            HeldOutShare = 0.3,
            DemonstrationMinimumLength = 0,
        };
        var task = new JsonlTask(settings, new PromptSource(new(), () => new Brackets()));
        Question question = task.Train(1, 0);
        string user = question.Text.Split("\n\n")[1];
        Demonstration shown = Assert.Single(task.Demonstrate(question, 3, 1));
        string asked = shown.Question.Split("\n\n")[1];
        Assert.Equal($"[system:Be brief.][user:{user}][assistant:", task.Prompt(question.Text, []));
        Assert.Equal(
            $"[system:Be brief.][user:{asked}][assistant:{shown.Solution}][user:{user}][assistant:",
            task.Prompt(question.Text, [shown])
        );
        Assert.Equal(shown.Solution + "]", task.Response(shown));
        Assert.EndsWith(".", shown.Solution);
        Assert.Equal("]", task.StopStrings[0]);

        // Read as plain text, what is said is kept and no template is asked.
        Assert.StartsWith("Question: Be brief.\n\n", new JsonlTask(settings).Prompt(question.Text, []));
        string plain = Write("a.jsonl", Rows("q", 20));
        Assert.Equal(
            "[user:q1][assistant:",
            new JsonlTask(
                new() { Path = plain, HeldOutShare = 0.3 },
                new PromptSource(new() { Style = PromptStyle.Chat }, () => new Brackets())
            ).Prompt("q1", [])
        );
        WriteLines("chats.jsonl", ["{\"prompt\": [{\"role\": \"assistant\", \"content\": \"x\"}], \"answer\": 1}"]);
        Assert.Contains(
            ":1: the chat in 'prompt' does not end with a message of role user",
            Assert.Throws<InvalidDataException>(() => new JsonlTask(settings)).Message
        );
    }

    [Fact]
    public void A_held_out_file_alone_can_be_asked_but_not_trained_on()
    {
        var task = new JsonlTask(new() { HeldOutPath = Write("a.jsonl", Rows("q", 5)) });
        Assert.Equal((0, 5), (task.TrainingCount, task.HeldOut(1, 100).Length));
        Assert.Empty(task.Pool);
        Assert.Throws<InvalidOperationException>(() => task.Train(1, 0));
    }

    [Fact]
    public void Gsm8k_reads_whole_and_its_own_solutions_are_correct()
    {
        string train = Fixtures.Data("gsm8k/train.jsonl"),
            test = Fixtures.Data("gsm8k/test.jsonl");
        var task = new JsonlTask(new() { Path = train, HeldOutPath = test });
        Assert.Equal(File.ReadLines(train).Count(), task.TrainingCount + task.Overlap);
        Assert.Equal(File.ReadLines(test).Count(), task.HeldOutCount);
        Assert.All(task.Pool, d => Assert.True(d.Solution.Length >= 58));
        IVerifier verifier = VerifierRegistry.Create("numeric", new() { StopStrings = task.StopStrings });
        Assert.All(task.HeldOut(1, int.MaxValue), question =>
        {
            string response = task.Response(
                new()
                {
                    Id = question.Id,
                    Question = question.Text,
                    Solution = question.Answer,
                }
            );
            Assert.Equal(
                Verdict.Correct,
                verifier.VerifyAsync(question, response, FinishReason.Stop, TestContext.Current.CancellationToken).AsTask().Result.Verdict
            );
        });
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{task.TrainingCount} training, {task.HeldOutCount} held out, {task.Overlap} overlap, pool {task.Pool.Length}"
        );
    }

    private string WriteLines(string name, IEnumerable<string> lines)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private sealed class Brackets : IChatFormat
    {
        public ImmutableArray<string> EndsOfTurn => ["]"];

        public string Prompt(ImmutableArray<ChatMessage> chat) =>
            string.Concat(chat.Select(m => $"[{m.Role}:{m.Content}]")) + "[assistant:";

        public string Response(ImmutableArray<ChatMessage> chat, string answer) => answer + "]";
    }

    private static IEnumerable<(string Question, string Answer)> Rows(string prefix, int count) =>
        Enumerable.Range(0, count).Select(i => ($"{prefix}{i}", $"solution {i}"));

    private string Write(string name, IEnumerable<(string Question, string Answer)> rows)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(new { question = row.Question, answer = row.Answer })));
        return path;
    }
}
