using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Host;

/// <summary>Writes a comparison as Markdown, JSON and two pictures.</summary>
internal static class ComparisonPages
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    /// <summary>The paths written.</summary>
    public static ImmutableArray<string> Write(Comparison comparison, string directory)
    {
        (string Name, string Text)[] files =
        [
            ("compare.md", Markdown(comparison)),
            ("compare.json", Json(comparison).ToJsonString(Options) + "\n"),
            ("compare-updates.svg", Curves(comparison, "update", e => e.Update)),
            ("compare-seconds.svg", Curves(comparison, "seconds", e => e.Seconds)),
        ];
        foreach ((string name, string text) in files)
        {
            string path = Path.Combine(directory, name);
            File.WriteAllText(path + ".tmp", text);
            File.Move(path + ".tmp", path, overwrite: true);
        }

        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }

    public static string Markdown(Comparison c)
    {
        var page = new StringBuilder();
        page.Append($"# {string.Join(", ", c.Arms)}: {c.Seeds.Length} seeds each\n\n");
        page.Append($"Zero-shot accuracy on held-out questions in percent, mean ± sample standard deviation over seeds {string.Join(", ", c.Seeds)}. Task {c.Runs[0].Summary.Task}.\n");
        foreach (Moment moment in new[] { c.AtUpdates, c.AtSeconds })
        {
            page.Append($"\n## {moment.Title}\n\n| arm | {string.Join(" | ", c.Tags.Prepend("all questions"))} | update | seconds |\n|---|{string.Concat(Enumerable.Repeat("---:|", c.Tags.Length + 3))}\n");
            foreach (string arm in c.Arms)
            {
                ImmutableArray<Standing> standings = moment.Standings[arm];
                IEnumerable<string> shares = c.Tags.Prepend(Comparison.AllQuestions).Select(q => Spread(Comparison.Values(standings, q), 100));
                page.Append($"| {arm}{(standings.Any(s => s.EndedBefore) ? " †" : "")} | {string.Join(" | ", shares)} | {Number(standings.Average(s => s.Evaluation.Update), "0")} | {Spread([.. standings.Select(s => s.Evaluation.Seconds)], 1)} |\n");
            }

            if (moment.Standings.Values.Any(s => s.Any(x => x.EndedBefore)))
            {
                page.Append("\n† had ended before that moment; more updates might have taken it further.\n");
            }

            if (!moment.Differences.IsEmpty)
            {
                page.Append($"\nDifference to {c.Baseline} in points, paired by seed ({c.Seeds.Length - 1} degrees of freedom); Holm over the arms of one row of questions:\n\n");
                page.Append("| arm | questions | difference | 95 % interval | p (t) | p (Holm) | p (Wilcoxon) | p (sign flip) |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
                foreach (ArmDifference d in moment.Differences)
                {
                    page.Append($"| {d.Arm} | {d.Questions} | {Signed(d.Paired.MeanDifference)} | {Signed(d.Paired.Interval.Low)} to {Signed(d.Paired.Interval.High)} | {P(d.Paired.P)} | {P(d.HolmP)} | {P(d.Paired.WilcoxonP)} | {P(d.Paired.SignFlipP)} |\n");
                }
            }
        }

        page.Append("\n## Cost of a whole run\n\n| arm | updates | seconds | tokens generated | tokens trained | groups rejected |\n|---|---:|---:|---:|---:|---:|\n");
        foreach (string arm in c.Arms)
        {
            RunSummary[] runs = [.. c.Runs.Where(r => r.Arm == arm).Select(r => r.Summary)];
            page.Append($"| {arm} | {Number(runs.Average(r => r.Updates), "0")} | {Spread([.. runs.Select(r => r.Seconds)], 1)} | {Number(runs.Average(r => r.TokensGenerated), "#,0")} | {Number(runs.Average(r => r.TokensTrained), "#,0")} | {Number(runs.Average(r => r.GroupsRejected), "#,0")} |\n");
        }

        return page.ToString();
    }

    private static JsonObject Json(Comparison c) => new()
    {
        ["arms"] = JsonSerializer.SerializeToNode(c.Arms),
        ["seeds"] = JsonSerializer.SerializeToNode(c.Seeds),
        ["baseline"] = c.Baseline,
        ["clock"] = c.Clock,
        ["at_equal_updates"] = Json(c, c.AtUpdates),
        ["at_equal_seconds"] = Json(c, c.AtSeconds),
        ["runs"] = new JsonArray([.. c.Runs.Select(r => new JsonObject { ["arm"] = r.Arm, ["seed"] = r.Seed, ["summary"] = JsonSerializer.SerializeToNode(r.Summary) })]),
    };

    private static JsonObject Json(Comparison c, Moment moment) => new()
    {
        ["arms"] = new JsonObject(c.Arms.Select(arm => KeyValuePair.Create(arm, (JsonNode?)new JsonObject
        {
            ["accuracy"] = JsonSerializer.SerializeToNode(Comparison.Values(moment.Standings[arm], Comparison.AllQuestions)),
            ["by_tag"] = new JsonObject(c.Tags.Select(t => KeyValuePair.Create(t, (JsonNode?)JsonSerializer.SerializeToNode(Comparison.Values(moment.Standings[arm], t).Select(v => double.IsNaN(v) ? (double?)null : v))))),
            ["update"] = JsonSerializer.SerializeToNode(moment.Standings[arm].Select(s => s.Evaluation.Update)),
            ["seconds"] = JsonSerializer.SerializeToNode(moment.Standings[arm].Select(s => s.Evaluation.Seconds)),
            ["ended_before"] = JsonSerializer.SerializeToNode(moment.Standings[arm].Select(s => s.EndedBefore)),
        }))),
        ["differences"] = new JsonArray([.. moment.Differences.Select(d => new JsonObject
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
        })]),
    };

    /// <summary>One line per arm: the mean over seeds of the last evaluation up to a moment, with the least and the greatest as a band.</summary>
    private static string Curves(Comparison c, string label, Func<EvaluationLine, double> clock)
    {
        IEnumerable<ChartSeries> series = c.Arms.Select(arm =>
        {
            ImmutableArray<ImmutableArray<EvaluationLine>> runs = [.. c.Runs.Where(r => r.Arm == arm).Select(r => r.Evaluations)];
            (double from, double to) = (runs.Max(r => clock(r[0])), runs.Min(r => clock(r[^1])));
            IEnumerable<double> moments = runs.SelectMany(r => r.Select(clock)).Where(m => m >= from && m <= to).Distinct().Order();
            return new ChartSeries(arm, [.. moments.Select(m =>
            {
                double[] reached = [.. runs.Select(r => r.Last(e => clock(e) <= m).Accuracy)];
                return new ChartPoint(m, reached.Average(), reached.Min(), reached.Max());
            })]);
        });
        var chart = new LineChart { Title = $"Held-out accuracy by {label}: mean of {c.Seeds.Length} seeds, band from least to greatest", Series = [.. series], XLabel = label, Percent = true, Top = 1 };
        return chart.ToSvg(900, 420, standalone: true) + "\n";
    }

    private static string Spread(double[] values, double factor)
    {
        double mean = values.Average();
        double deviation = values.Length > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)) : double.NaN;
        return Number(factor * mean, "0.0") + (double.IsNaN(deviation) ? "" : $" ± {Number(factor * deviation, "0.0")}");
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Signed(double share) => Number(100 * share, "+0.0;−0.0;0.0");

    private static string P(double? p) => p switch
    {
        null => "–",
        < 0.0001 => "< 0.0001",
        { } value => Number(value, "0.0000"),
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
