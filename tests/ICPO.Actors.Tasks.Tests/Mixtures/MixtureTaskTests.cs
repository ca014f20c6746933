using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Mixtures;

namespace ICPO.Actors.Tasks.Tests.Mixtures;

/// <summary>Several data sets with weights as one task.</summary>
public sealed class MixtureTaskTests : IDisposable
{
    private const int Draws = 4000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Questions_are_drawn_by_weight_and_are_a_function_of_seed_and_number()
    {
        ITask task = Create(3, 1),
            same = Create(3, 1);
        Question[] drawn = [.. Enumerable.Range(0, Draws).Select(i => task.Train(7, i))];
        string[] ids = [.. drawn.Select(question => question.Id)];
        Assert.Equal(ids, Enumerable.Range(0, Draws).Reverse().Select(i => same.Train(7, i).Id).Reverse());
        Assert.NotEqual(ids, Enumerable.Range(0, Draws).Select(i => task.Train(8, i).Id));

        // Four standard deviations of a share of 3/4 in 4000 draws are 0.027.
        Assert.InRange(drawn.Count(q => q.Tags[MixtureTask.Tag] == "sums") / (double)Draws, 0.72, 0.78);
        Assert.True(drawn.Select(q => q.Id).Distinct().Count() > 150);
        HashSet<string> heldOut = [.. task.HeldOut(7, 1000).Select(q => q.Text)];
        Assert.DoesNotContain(drawn, question => heldOut.Contains(question.Text));
    }

    [Fact]
    public void Held_out_questions_are_of_every_part_by_weight()
    {
        ITask task = Create(1, 1);
        ImmutableArray<Question> all = task.HeldOut(1, int.MaxValue / 4),
            some = task.HeldOut(1, 8);
        Assert.Equal(task.HeldOutQuestions, all.Length);
        Assert.Equal(all.Length, all.DistinctBy(q => q.Id).Count());
        Assert.Equal((8, 4), (some.Length, some.Count(q => q.Tags[MixtureTask.Tag] == "sums")));
        Assert.Equal(task.TrainingQuestions!.Value + all.Length, task.Sources.Sum(source => source.Questions.Length));
    }

    [Fact]
    public void Demonstrations_are_of_the_part_of_the_question()
    {
        ITask task = Create(1, 1);
        for (int i = 0; i < 50; i++)
        {
            Question question = task.Train(1, i);
            ImmutableArray<Demonstration> shown = task.Demonstrate(question, (ulong)i, 2);
            Assert.Equal(2, shown.Length);
            Assert.All(shown, one => Assert.StartsWith(question.Tags[MixtureTask.Tag] + "/", one.Id, StringComparison.Ordinal));
            Assert.Contains(question.Text, task.Prompt(question.Text, shown), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_part_without_demonstrations_is_named()
    {
        (string Sums, string Products) paths = (Write("sums.jsonl", '+'), Write("products.jsonl", '*'));
        Assert.Null(Mixture(0).EmptyPoolReason);
        ITask lacking = Mixture(1000);
        Assert.NotEmpty(lacking.Pool);
        Assert.Contains("products", lacking.EmptyPoolReason, StringComparison.Ordinal);

        ITask Mixture(int length) => new MixtureTask(("sums", Part(paths.Sums, 0), 1), ("products", Part(paths.Products, length), 1));

        static ITask Part(string path, int length) => new JsonlTask(new() { Path = path, DemonstrationMinimumLength = length });
    }

    [Fact]
    public void Questions_that_cannot_be_judged_are_left_out_by_reference()
    {
        ITask task = Create(1, 1);
        HashSet<Question> refused = new(
            task.Sources.SelectMany(source => source.Questions).Where(q => q.Answer.EndsWith('1')),
            ReferenceEqualityComparer.Instance
        );
        ITask rest = task.Where(question => !refused.Contains(question));
        Assert.NotEmpty(refused);
        Assert.All(Enumerable.Range(0, Draws), i => Assert.False(rest.Train(1, i).Answer.EndsWith('1')));
    }

    [Theory]
    [InlineData("a.jsonl 1", "a.jsonl", 1)]
    [InlineData(" my data/a b.jsonl   0.25 ", "my data/a b.jsonl", 0.25)]
    [InlineData("a.jsonl 0.0000001", "a.jsonl", 1e-7)]
    public void A_part_is_a_path_and_a_weight(string text, string path, double weight)
    {
        Assert.Equal(new MixturePart(path, weight), MixturePart.Parse(text));
        Assert.Equal(new MixturePart(path, weight), MixturePart.Parse(new MixturePart(path, weight).ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.jsonl")]
    [InlineData("a.jsonl 0")]
    [InlineData("a.jsonl -1")]
    [InlineData("a.jsonl NaN")]
    [InlineData("a.jsonl x")]
    public void Another_text_is_not_a_part(string text) => Assert.Null(MixturePart.Parse(text));

    [Fact]
    public void Parts_without_names_of_their_own_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new MixtureTask());
        MixturePart[] parts = [new(Write("sums.jsonl", '+'), 1), new(Write("sums.other.jsonl", '*'), 1)];
        Assert.Throws<ArgumentException>(() => Create([.. parts]));
    }

    private ITask Create(double sums, double products) =>
        Create(new MixturePart(Write("sums.jsonl", '+'), sums), new MixturePart(Write("products.jsonl", '*'), products));

    private static ITask Create(params ImmutableArray<MixturePart> parts) =>
        TaskRegistry.Create(
            new()
            {
                Name = MixtureTask.TaskName,
                Mixture = new() { Parts = parts },
                Jsonl = new() { HeldOutShare = 0.2, DemonstrationMinimumLength = 0 },
            }
        );

    private string Write(string name, char sign) =>
        _folder.Write(
            name,
            string.Concat(
                from a in Enumerable.Range(1, 10)
                from b in Enumerable.Range(1, 10)
                let value = sign == '+' ? a + b : a * b
                select $"{{\"question\":\"{a} {sign} {b}?\",\"answer\":\"{value}\",\"solution\":\"It is {value}.\"}}\n"
            )
        );
}
