using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Host.Comparing;

/// <summary>A comparison as JSON.</summary>
internal static class ComparisonJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    public static string Create(Comparison c) =>
        new JsonObject
        {
            ["arms"] = JsonSerializer.SerializeToNode(c.Arms),
            ["seeds"] = JsonSerializer.SerializeToNode(c.Seeds),
            ["baseline"] = c.Baseline,
            ["clock"] = c.Clock,
            ["at_equal_updates"] = Point(c, c.AtUpdates),
            ["at_equal_seconds"] = Point(c, c.AtSeconds),
            ["runs"] = new JsonArray([.. c.Runs.Select(Run)]),
        }.ToJsonString(Options) + "\n";

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
        };
    }

    private static JsonObject Difference(ArmDifference d) =>
        new()
        {
            ["arm"] = d.Arm,
            ["questions"] = d.Questions,
            ["mean"] = Finite(d.Paired.MeanDifference),
            ["low"] = Finite(d.Paired.Interval.Low),
            ["high"] = Finite(d.Paired.Interval.High),
            ["t"] = Finite(d.Paired.T),
            ["cohen_dz"] = Finite(d.Paired.CohenDz),
            ["p"] = Finite(d.Paired.P),
            ["p_holm"] = Finite(d.HolmP),
            ["p_wilcoxon"] = d.Paired.WilcoxonP,
            ["p_sign_flip"] = d.Paired.SignFlipP,
        };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
