using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>How a data set is split, asked and checked.</summary>
public sealed class JsonlTaskTests : IDisposable
{
    private readonly JsonlFolder _folder = new();

    [Fact]
    public void Training_held_out_and_pool_never_meet()
    {
        string file = _folder.Write("all.jsonl", Enumerable.Range(0, 300).Select(i => ($"q{i % 200}", new string('s', 60))));
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
        var task = new JsonlTask(new() { Path = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 50)), HeldOutShare = 0.2 });
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
        string train = _folder.Write("train.jsonl", JsonlFolder.Rows("q", 10)),
            heldOut = _folder.Write("test.jsonl", [("q3", "x"), ("other", "y")]);
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
    public void Settings_out_of_range_and_splits_without_questions_are_refused()
    {
        string file = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 1));
        Assert.Contains(
            "held-out share",
            Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, HeldOutShare = 1 })).Message
        );
        Assert.Contains("tokens", Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, MaxTokens = 0 })).Message);
        Assert.Contains(
            "stop string",
            Assert.Throws<ArgumentException>(() => new JsonlTask(new() { Path = file, StopStrings = [""] })).Message
        );
        Assert.Contains("1 rows", Assert.Throws<InvalidDataException>(() => new JsonlTask(new() { Path = file })).Message);
        Assert.Contains(
            "The path of the data set is empty",
            Assert.Throws<InvalidDataException>(() => TaskRegistry.Create(new() { Name = "jsonl" })).Message
        );
        Assert.Contains(
            "symbol-rules, arithmetic, maze, jsonl",
            Assert.Throws<ArgumentException>(() => TaskRegistry.Create(new() { Name = "geometry" })).Message
        );
        Assert.IsType<SymbolRulesTask>(TaskRegistry.Create(new()));
    }

    [Fact]
    public void A_held_out_file_alone_can_be_asked_but_not_trained_on()
    {
        var task = new JsonlTask(new() { HeldOutPath = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 5)) });
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

    public void Dispose() => _folder.Dispose();
}
