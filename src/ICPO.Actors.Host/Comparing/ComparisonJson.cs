using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Comparisons as JSON.</summary>
internal static class ComparisonJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    /// <summary>One object, with one for each cell if the grid has settings or axes.</summary>
    public static string Create(ComparisonSuite suite)
    {
        JsonObject root = suite is { IsSingle: true, Cells: [{ Comparison: { } only }] }
            ? Object(only)
            : new JsonObject { ["cells"] = new JsonArray([.. suite.Cells.Select(Cell)]) };
        root["failed"] = new JsonArray([.. suite.Failures.Select(Failure)]);
        return root.ToJsonString(Options) + "\n";
    }

    public static string Create(Comparison c) => Object(c).ToJsonString(Options) + "\n";

    private static JsonObject Cell(CellComparison cell) =>
        new()
        {
            ["cell"] = cell.Cell.Label,
            ["values"] = JsonSerializer.SerializeToNode(cell.Cell.Values),
            ["comparison"] = cell.Comparison is { } comparison ? Object(comparison) : null,
        };

    private static JsonObject Failure(FailedRun failure) =>
        new()
        {
            ["cell"] = failure.Cell,
            ["arm"] = failure.Arm,
            ["seed"] = failure.Seed,
            ["message"] = failure.Message,
        };

    private static JsonObject Object(Comparison c) =>
        new()
        {
            ["arms"] = JsonSerializer.SerializeToNode(c.Arms),
            ["seeds"] = JsonSerializer.SerializeToNode(c.Seeds),
            ["baseline"] = c.Baseline,
            ["clock"] = c.Clock,
            ["at_equal_updates"] = Point(c, c.AtUpdates),
            ["at_equal_seconds"] = Point(c, c.AtSeconds),
            ["runs"] = new JsonArray([.. c.Runs.Select(Run)]),
        };

    private static JsonObject Run(ArmRun run) =>
        new()
        {
            ["arm"] = run.Arm,
            ["seed"] = run.Seed,
            ["experts_accepted"] = run.ExpertsAccepted,
            ["tokens_per_second"] = Math.Round(run.TokensPerSecond, 1),
            ["summary"] = JsonSerializer.SerializeToNode(run.Summary),
        };

    private static JsonObject Point(Comparison c, ComparisonPoint point) =>
        new()
        {
            ["arms"] = new JsonObject(c.Arms.Select(arm => KeyValuePair.Create(arm, (JsonNode?)Arm(c, point, arm)))),
            ["differences"] = new JsonArray([.. point.Differences.Select(Difference)]),
            ["missing"] = JsonSerializer.SerializeToNode(point.Missing),
        };

    private static JsonObject Arm(Comparison c, ComparisonPoint point, string arm)
    {
        ImmutableArray<ArmResult> results = point.Results[arm];
        return new()
        {
            ["accuracy"] = JsonSerializer.SerializeToNode(Comparison.Accuracies(results, Comparison.AllQuestions).Select(Finite)),
            ["by_tag"] = new JsonObject(
                c.Tags.Select(tag =>
                    KeyValuePair.Create(tag, JsonSerializer.SerializeToNode(Comparison.Accuracies(results, tag).Select(Finite)))
                )
            ),
            ["update"] = JsonSerializer.SerializeToNode(results.Select(r => r.Evaluation?.Update)),
            ["seconds"] = JsonSerializer.SerializeToNode(results.Select(r => r.Evaluation?.Seconds)),
            ["ended_before"] = JsonSerializer.SerializeToNode(results.Select(r => r.EndedBefore)),
            ["failed"] = JsonSerializer.SerializeToNode(results.Select(r => r.HasFailed)),
        };
    }

    private static JsonObject Difference(ArmDifference d) =>
        new()
        {
            ["arm"] = d.Arm,
            ["questions"] = d.Questions,
            ["seeds"] = d.Paired.Count,
            ["mean"] = Finite(d.Paired.MeanDifference),
            ["low"] = Finite(d.Paired.Interval.Low),
            ["high"] = Finite(d.Paired.Interval.High),
            ["t"] = Finite(d.Paired.T),
            ["cohen_dz"] = Finite(d.Paired.CohenDz),
            ["hedges_g"] = d.Paired.HedgesG is { } g ? Finite(g) : null,
            ["p"] = Finite(d.Paired.P),
            ["p_holm"] = Finite(d.HolmP),
            ["p_wilcoxon"] = d.Paired.WilcoxonP,
            ["p_sign_flip"] = d.Paired.SignFlipP,
        };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
