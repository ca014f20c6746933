using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Tasks.Datasets;

namespace ICPO.Actors.Tasks.Tests.Datasets;

public sealed class PassRateTests : IDisposable
{
    private readonly JsonlFolder _folder = new();

    [Fact]
    public void Training_leaves_out_what_is_too_easy_or_too_hard_and_its_solutions_stay_in_the_pool()
    {
        string file = _folder.WriteLines(
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
        Assert.Contains($"{some.FilteredCount} ", Assert.Single(some.Notes));

        string rates = _folder.WriteLines(
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
            "'rated.jsonl:",
            Assert.Throws<InvalidDataException>(() => new JsonlTask(settings with { PassRatePath = rates })).Message
        );
        _folder.WriteLines("rated.jsonl", ["{\"question\": \"a\", \"answer\": 1, \"rate\": 2}"]);
        Assert.Contains(":1: the field 'rate'", Assert.Throws<InvalidDataException>(() => new JsonlTask(settings)).Message);
    }

    public void Dispose() => _folder.Dispose();
}
