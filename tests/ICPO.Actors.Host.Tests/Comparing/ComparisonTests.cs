using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Configuration.Grids;
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

    [Fact]
    public void A_failed_run_is_left_out_with_its_seed_and_the_other_pairs_are_compared()
    {
        ImmutableArray<ArmRun> runs =
        [
            .. from arm in new[] { "grpo", "icpo", "other" }
            from seed in new ulong[] { 1, 2, 3 }
            where (arm, seed) is not (("icpo", 2) or ("other", 1) or ("other", 3))
            select Run(arm, seed, [(0, 1), (10, 5)]),
        ];
        var comparison = Comparison.Create(["grpo", "icpo", "other"], [1, 2, 3], runs, "grpo", "icpo");
        Assert.Equal([false, true, false], comparison.AtUpdates.Results["icpo"].Select(result => result.HasFailed));

        // One pair alone has no spread; at equal seconds the clock of seed 2 is missing.
        ArmDifference only = Assert.Single(comparison.AtUpdates.Differences);
        Assert.Equal(("icpo", 2, 0d), (only.Arm, only.Paired.Count, only.Paired.MeanDifference));
        Assert.Equal([false, true, false], comparison.AtSeconds.Results["grpo"].Select(result => result.HasFailed));
        Assert.Empty(comparison.AtUpdates.Missing);
        Assert.Contains("| icpo (1 of 3 failed) |", ComparisonMarkdown.Create(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void An_arm_of_which_all_runs_failed_is_shown_without_figures()
    {
        ImmutableArray<ArmRun> runs = [.. new ulong[] { 1, 2 }.Select(seed => Run("grpo", seed, [(0, 1), (10, 5)]))];
        var comparison = Comparison.Create(["grpo", "icpo"], [1, 2], runs, "grpo", "icpo");
        Assert.Empty(comparison.AtUpdates.Differences);
        var suite = new ComparisonSuite(
            [new(new GridCell("a=1", []), comparison), new(new GridCell("a=2", []), null)],
            [new FailedRun("a=1", "icpo", 1, "too <large>", HasStarted: true)]
        );
        string page = ComparisonPage.Create(suite);
        Assert.Contains("too &lt;large&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("too <large>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n bad\">failed</td>", page, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(ComparisonJson.Create(suite)).RootElement;
        Assert.Equal(
            [JsonValueKind.Object, JsonValueKind.Null],
            json.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("comparison").ValueKind)
        );
        Assert.Equal("icpo", json.GetProperty("failed")[0].GetProperty("arm").GetString());
        Assert.Contains("a=2: all runs failed", ComparisonMarkdown.Create(suite), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_draws_every_setting_and_marks_what_Holm_leaves()
    {
        var clear = Comparison.Create(
            ["grpo", "icpo"],
            [1, 2, 3],
            [
                .. from arm in new[] { "grpo", "icpo" }
                from seed in new ulong[] { 1, 2, 3 }
                select Run(arm, seed, [(0, 1), (10, 5)], gain: arm == "icpo" ? 0.2 + (0.001 * seed) : 0),
            ],
            "grpo",
            "icpo"
        );
        string page = ComparisonPage.Create(
            new ComparisonSuite([new(new GridCell("a=1", []), clear), new(new GridCell("a=2", []), clear)], [])
        );
        Assert.Equal(2, Count(page, "</b> +</td>"));
        Assert.Equal(4 + 4, Count(page, "<svg "));
        Assert.All(new[] { "section", "table", "tr", "td", "th", "svg", "figure", "p", "div" }, element =>
            Assert.Equal(Count(page, $"<{element} ") + Count(page, $"<{element}>"), Count(page, $"</{element}>"))
        );
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

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

    private static ArmRun Run(string arm, ulong seed, (long Update, double Seconds)[] evaluations, double gain = 0) =>
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
                    (0.01 * seed * (1 + e.Update)) + gain,
                    10,
                    ImmutableSortedDictionary<string, double>.Empty
                )),
            ],
            null
        );
}
