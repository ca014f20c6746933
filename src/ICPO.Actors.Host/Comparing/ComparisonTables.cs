using System.Collections.Immutable;
using ICPO.Actors.RunFiles.Directories;
using static ICPO.Actors.Host.Comparing.ComparisonText;

namespace ICPO.Actors.Host.Comparing;

/// <summary>A table of a comparison, as Markdown and HTML show it.</summary>
/// <param name="Left">Heads of the columns with names.</param>
/// <param name="Right">Heads of the columns with figures.</param>
/// <param name="Rows">A cell for each column.</param>
internal sealed record ComparisonTable(
    ImmutableArray<string> Left,
    ImmutableArray<string> Right,
    ImmutableArray<ImmutableArray<string>> Rows
);

/// <summary>The tables of a comparison and the sentences that explain them.</summary>
internal static class ComparisonTables
{
    public const string CostNote =
        "Tokens/s: generated tokens per second of the whole run, including evaluations; traces are not generated. "
        + "Experts accepted: share of the sampled expert rollouts. Peak memory: resident, maximum over seeds.";

    private const string EndedNote = "† had already ended at that point; more updates might have improved it.";

    public static string DifferenceNote(Comparison c) =>
        $"Difference to {c.Baseline} in percentage points, paired over n seeds; Holm correction over the arms on the same questions. "
        + "d: mean difference divided by the standard deviation of the differences; g: d with the correction for few seeds:";

    public static ComparisonTable Accuracies(Comparison c, ComparisonPoint point) =>
        new(["arm"], [.. c.Tags.Prepend("all questions"), "update", "seconds"], [.. c.Arms.Select(arm => AccuracyRow(c, point, arm))]);

    /// <summary>What is missing at the point, one sentence each.</summary>
    public static IEnumerable<string> AccuracyNotes(ComparisonPoint point) =>
        point.Results.Values.Any(results => results.Any(r => r.EndedBefore)) ? [.. point.Missing, EndedNote] : point.Missing;

    public static ComparisonTable Differences(ComparisonPoint point) =>
        new(
            ["arm", "questions"],
            ["n", "difference", "95 % interval", "d", "g", "p (t)", "p (Holm)", "p (Wilcoxon)", "p (sign flip)"],
            [.. point.Differences.Select(DifferenceRow)]
        );

    public static ComparisonTable Cost(Comparison c) =>
        new(
            ["arm"],
            [
                "updates",
                "seconds",
                "tokens generated",
                "tokens trained",
                "tokens/s",
                "groups rejected",
                "experts accepted",
                "peak memory, MB",
            ],
            [.. from arm in c.Arms let runs = c.Runs.Where(r => r.Arm == arm).ToArray() where runs.Length > 0 select CostRow(arm, runs)]
        );

    private static ImmutableArray<string> AccuracyRow(Comparison c, ComparisonPoint point, string arm)
    {
        ImmutableArray<ArmResult> results = point.Finished(arm);
        int failed = point.Results[arm].Length - results.Length;
        string mark = results.Any(r => r.EndedBefore) ? " †" : "";
        return
        [
            $"{arm}{mark}{(failed > 0 ? $" ({failed} of {point.Results[arm].Length} failed)" : "")}",
            .. c.Tags.Prepend(Comparison.AllQuestions).Select(q => Spread(Comparison.Accuracies(results, q), 100)),
            Number(results.IsEmpty ? double.NaN : results.Average(r => r.Evaluation?.Update ?? double.NaN), "0"),
            Spread([.. results.Select(r => r.Evaluation?.Seconds ?? double.NaN)], 1),
        ];
    }

    private static ImmutableArray<string> DifferenceRow(ArmDifference d) =>
        [
            d.Arm,
            d.Questions,
            $"{d.Paired.Count}",
            Signed(d.Paired.MeanDifference),
            $"{Signed(d.Paired.Interval.Low)} to {Signed(d.Paired.Interval.High)}",
            Effect(d.Paired.CohenDz),
            Effect(d.Paired.HedgesG),
            P(d.Paired.P),
            P(d.HolmP),
            P(d.Paired.WilcoxonP),
            P(d.Paired.SignFlipP),
        ];

    private static ImmutableArray<string> CostRow(string arm, ArmRun[] runs)
    {
        RunSummary[] summaries = [.. runs.Select(r => r.Summary)];
        double[] accepted = [.. runs.Select(r => r.ExpertsAccepted).OfType<double>()];
        return
        [
            arm,
            Number(summaries.Average(s => s.Updates), "0"),
            Spread([.. summaries.Select(s => s.Seconds)], 1),
            Number(summaries.Average(s => s.TokensGenerated), "#,0"),
            Number(summaries.Average(s => s.TokensTrained), "#,0"),
            Number(runs.Average(r => r.TokensPerSecond), "#,0"),
            Number(summaries.Average(s => s.GroupsRejected), "#,0"),
            accepted.Length > 0 ? Spread(accepted, 100) + " %" : "–",
            Number(summaries.Max(s => s.PeakMemoryBytes) / 1e6, "#,0"),
        ];
    }
}
