using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Host.Comparing;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Tests.Comparing;

public sealed class ComparisonTests
{
    [Fact]
    public void An_arm_without_an_evaluation_in_the_time_of_the_clock_is_not_compared()
    {
        Comparison comparison = Create(("grpo", [(0, 1), (10, 20)]), ("icpo", [(0, 1), (10, 5)]), ("slow", [(10, 30)]));
        Assert.Equal(["slow"], Missing(comparison.AtSeconds));
        Assert.Equal(["icpo"], comparison.AtSeconds.Differences.Select(difference => difference.Arm).Distinct());
        Assert.Empty(Missing(comparison.AtUpdates));
        Assert.Equal(["icpo", "slow"], comparison.AtUpdates.Differences.Select(difference => difference.Arm).Distinct().Order());
        Assert.Matches(@"(?m)^[^|]*\bslow\b", ComparisonMarkdown.Create(comparison));
        JsonElement seconds = JsonDocument.Parse(ComparisonJson.Create(comparison)).RootElement.GetProperty("at_equal_seconds");
        Assert.Equal(1, seconds.GetProperty("missing").GetArrayLength());
        Assert.All(seconds.GetProperty("arms").GetProperty("slow").GetProperty("accuracy").EnumerateArray(), accuracy =>
            Assert.Equal(JsonValueKind.Null, accuracy.ValueKind)
        );
    }

    [Fact]
    public void Without_an_evaluation_of_the_baseline_there_is_no_difference_at_all()
    {
        Comparison comparison = Create(("grpo", [(10, 20)]), ("icpo", [(0, 1), (10, 5)]), ("other", [(0, 1), (10, 5)]));
        Assert.Equal(["grpo"], Missing(comparison.AtSeconds));
        Assert.Empty(comparison.AtSeconds.Differences);
        Assert.NotEmpty(comparison.AtUpdates.Differences);
    }

    private static string[] Missing(ComparisonPoint point) => [.. point.Results.Keys.Where(arm => !point.IsComplete(arm))];

    /// <summary>Two seeds of each arm; evaluations are given by update and seconds.</summary>
    private static Comparison Create(params (string Arm, (long Update, double Seconds)[] Evaluations)[] arms) =>
        Comparison.Create(
            [.. arms.Select(arm => arm.Arm)],
            [1, 2],
            [.. arms.SelectMany(arm => new ulong[] { 1, 2 }.Select(seed => Run(arm.Arm, seed, arm.Evaluations)))],
            "grpo",
            "icpo"
        );

    private static ArmRun Run(string arm, ulong seed, (long Update, double Seconds)[] evaluations) =>
        new(
            arm,
            seed,
            new RunSummary
            {
                Preset = arm,
                Task = "task",
                Seed = seed,
                State = "completed",
                Questions = 10,
                Updates = 10,
                Seconds = evaluations[^1].Seconds,
                TokensGenerated = 1,
                TokensTrained = 1,
                GroupsAdmitted = 1,
                GroupsRejected = 0,
                LedgerCloses = true,
            },
            [
                .. evaluations.Select(e => new EvaluationLine(
                    e.Update,
                    e.Seconds,
                    0.1 * seed * (1 + e.Update),
                    10,
                    ImmutableSortedDictionary<string, double>.Empty
                )),
            ],
            null
        );
}
