using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>Which rows of a data set are demonstrations, and which of them a question gets.</summary>
public sealed class JsonlDemonstrationTests : IDisposable
{
    private readonly JsonlFolder _folder = new();

    [Fact]
    public void A_demonstration_never_equals_the_question()
    {
        var task = new JsonlTask(
            new()
            {
                Path = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 12)),
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
    public void Short_solutions_and_those_with_links_are_not_demonstrations()
    {
        string pool = _folder.Write(
            "pool.jsonl",
            [("short", new string('s', 57)), ("long", new string('s', 58)), ("link", "see https://example.org " + new string('s', 58))]
        );
        var task = new JsonlTask(
            new()
            {
                Path = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 20)),
                HeldOutShare = 0.3,
                DemonstrationPath = pool,
            }
        );
        Assert.Equal(["long"], task.Pool.Select(d => d.Question));
    }

    public void Dispose() => _folder.Dispose();
}
