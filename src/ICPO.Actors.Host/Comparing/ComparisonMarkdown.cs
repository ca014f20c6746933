using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Comparing;

/// <summary>A comparison as a Markdown page.</summary>
internal static class ComparisonMarkdown
{
    public static string Create(Comparison c)
    {
        var page = new StringBuilder();
        page.Append($"# {string.Join(", ", c.Arms)}: {c.Seeds.Length} seeds each\n\n");
        page.Append("Zero-shot accuracy on held-out questions in percent, mean ± sample standard deviation over seeds ");
        page.Append($"{string.Join(", ", c.Seeds)}. Task {c.Runs[0].Summary.Task}.\n");
        foreach (ComparisonPoint point in new[] { c.AtUpdates, c.AtSeconds })
        {
            AppendAccuracies(page, c, point);
            AppendDifferences(page, c, point);
        }

        AppendCost(page, c);
        return page.ToString();
    }

    private static void AppendAccuracies(StringBuilder page, Comparison c, ComparisonPoint point)
    {
        page.Append($"\n## {point.Title}\n\n");
        AppendHead(page, ["arm"], [.. c.Tags.Prepend("all questions"), "update", "seconds"]);
        foreach (string arm in c.Arms)
        {
            ImmutableArray<ArmResult> results = point.Results[arm];
            AppendRow(
                page,
                [
                    $"{arm}{(results.Any(r => r.EndedBefore) ? " †" : "")}",
                    .. c.Tags.Prepend(Comparison.AllQuestions).Select(q => Spread(Comparison.Accuracies(results, q), 100)),
                    Number(results.Average(r => r.Evaluation?.Update ?? double.NaN), "0"),
                    Spread([.. results.Select(r => r.Evaluation?.Seconds ?? double.NaN)], 1),
                ]
            );
        }

        foreach (string missing in point.Missing)
        {
            page.Append($"\n{missing}\n");
        }

        if (point.Results.Values.Any(results => results.Any(r => r.EndedBefore)))
        {
            page.Append("\n† had already ended at that point; more updates might have improved it.\n");
        }
    }

    private static void AppendDifferences(StringBuilder page, Comparison c, ComparisonPoint point)
    {
        if (point.Differences.IsEmpty)
        {
            return;
        }

        page.Append($"\nDifference to {c.Baseline} in percentage points, paired by seed ({c.Seeds.Length - 1} degrees of freedom); ");
        page.Append("Holm correction over the arms on the same questions:\n\n");
        AppendHead(page, ["arm", "questions"], ["difference", "95 % interval", "p (t)", "p (Holm)", "p (Wilcoxon)", "p (sign flip)"]);
        foreach (ArmDifference d in point.Differences)
        {
            AppendRow(
                page,
                [
                    d.Arm,
                    d.Questions,
                    Signed(d.Paired.MeanDifference),
                    $"{Signed(d.Paired.Interval.Low)} to {Signed(d.Paired.Interval.High)}",
                    P(d.Paired.P),
                    P(d.HolmP),
                    P(d.Paired.WilcoxonP),
                    P(d.Paired.SignFlipP),
                ]
            );
        }
    }

    private static void AppendCost(StringBuilder page, Comparison c)
    {
        page.Append("\n## Cost of a whole run\n\n");
        AppendHead(
            page,
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
            ]
        );
        foreach (string arm in c.Arms)
        {
            ArmRun[] runs = [.. c.Runs.Where(r => r.Arm == arm)];
            RunSummary[] summaries = [.. runs.Select(r => r.Summary)];
            double[] accepted = [.. runs.Select(r => r.ExpertsAccepted).OfType<double>()];
            AppendRow(
                page,
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
                ]
            );
        }

        page.Append("\nTokens/s: generated tokens per second of the whole run, including evaluations; traces are not generated. ");
        page.Append("Experts accepted: share of the sampled expert rollouts. Peak memory: resident, maximum over seeds.\n");
    }

    private static void AppendHead(StringBuilder page, string[] left, string[] right)
    {
        AppendRow(page, [.. left, .. right]);
        page.Append('|');
        page.Insert(page.Length, "---|", left.Length).Insert(page.Length, "---:|", right.Length).Append('\n');
    }

    private static void AppendRow(StringBuilder page, string[] cells) => page.Append($"| {string.Join(" | ", cells)} |\n");

    /// <summary>Mean ± sample standard deviation.</summary>
    private static string Spread(double[] values, double factor)
    {
        double mean = values.Average();
        if (values.Length < 2 || double.IsNaN(mean))
        {
            return Number(factor * mean, "0.0");
        }

        double deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        return Number(factor * mean, "0.0") + (double.IsNaN(deviation) ? "" : $" ± {Number(factor * deviation, "0.0")}");
    }

    private static string Signed(double share) => Number(100 * share, "+0.0;−0.0;0.0");

    private static string P(double? p) =>
        p switch
        {
            null => "–",
            < 0.0001 => "< 0.0001",
            { } value => Number(value, "0.0000"),
        };

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
