using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.Evaluation;

/// <summary>A measured share with its 95 % interval, the questions as clusters.</summary>
public readonly record struct MeasuredShare(double Value, Interval Interval);

/// <summary>A line of a benchmark's table.</summary>
/// <param name="Name"><c>all</c>, or <c>tag=value</c>.</param>
/// <param name="Questions">With a verdict.</param>
/// <param name="Average">avg@k: mean share of correct responses.</param>
/// <param name="PassAtK">pass@k by Chen et al.'s unbiased estimator, for k = 1, 2, 4, … up to the fewest samples of a question.</param>
public sealed record BenchmarkLine(
    string Name,
    int Questions,
    MeasuredShare Average,
    ImmutableSortedDictionary<int, MeasuredShare> PassAtK
);

/// <summary>A model's result on a data set.</summary>
/// <param name="Name">The name of the data set.</param>
/// <param name="File">Its questions.</param>
/// <param name="Samples">Responses per question.</param>
/// <param name="Report">Question by question.</param>
public sealed record BenchmarkReport(string Name, string File, int Samples, EvaluationReport Report)
{
    /// <summary>The conditions of the measurement.</summary>
    public BenchmarkConditions? Conditions { get; init; }

    /// <summary>All questions, then by tag.</summary>
    /// <exception cref="InvalidOperationException">No response has a verdict.</exception>
    public ImmutableArray<BenchmarkLine> Lines()
    {
        EvaluatedQuestion[] judged = [.. Report.Questions.Where(q => q.Samples > 0)];
        return judged.Length > 0
            ?
            [
                Line("all", judged),
                .. judged
                    .SelectMany(q => q.Tags.Select(t => (Tag: $"{t.Key}={t.Value}", Question: q)))
                    .GroupBy(pair => pair.Tag, pair => pair.Question, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => Line(g.Key, [.. g])),
            ]
            : throw new InvalidOperationException($"{Name}: no response has a verdict; the verifier failed on {Report.Faults}.");
    }

    public static string Markdown(IEnumerable<BenchmarkReport> reports)
    {
        var page = new StringBuilder();
        foreach (BenchmarkReport report in reports)
        {
            ImmutableArray<BenchmarkLine> lines = report.Lines();
            string responses = report.Samples == 1 ? "response" : "responses";
            int[] counts = [.. lines[0].PassAtK.Keys.Where(k => k > 1)];
            page.Append(
                CultureInfo.InvariantCulture,
                $"## {report.Name}\n\n{report.File}: {report.Report.Questions.Length} questions, {report.Samples} {responses} each. "
            );
            page.Append("In percent, with 95 % intervals (questions as clusters).\n\n");
            page.Append(report.Conditions is { } conditions ? $"{conditions.Sentence()}\n\n" : "");
            page.Append(CultureInfo.InvariantCulture, $"| questions | n | avg@{report.Samples} |")
                .AppendJoin("", counts.Select(k => $" pass@{k} |"));
            page.Append("\n|---|---:|---:|").AppendJoin("", counts.Select(_ => "---:|")).Append('\n');
            foreach (BenchmarkLine line in lines)
            {
                page.Append(
                        CultureInfo.InvariantCulture,
                        $"| {line.Name.Replace("|", "\\|", StringComparison.Ordinal)} | {line.Questions} | {Percent(line.Average)} |"
                    )
                    .AppendJoin(
                        "",
                        counts.Select(k => line.PassAtK.TryGetValue(k, out MeasuredShare share) ? $" {Percent(share)} |" : " |")
                    )
                    .Append('\n');
            }

            if (report.Report.Faults > 0)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"\nThe verifier failed on {report.Report.Faults} responses; they are excluded.\n"
                );
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    public JsonObject Json() =>
        new()
        {
            ["benchmark"] = Name,
            ["file"] = File,
            ["questions"] = Report.Questions.Length,
            ["samples_per_question"] = Samples,
            ["correct"] = Report.Correct,
            ["faults"] = Report.Faults,
            ["tokens"] = Report.Tokens,
            ["conditions"] = Conditions?.Json(),
            ["results"] = new JsonArray([
                .. Lines()
                    .Select(line => new JsonObject
                    {
                        ["name"] = line.Name,
                        ["questions"] = line.Questions,
                        ["avg_at_k"] = Json(line.Average),
                        ["pass_at_k"] = new JsonObject(line.PassAtK.Select(p => KeyValuePair.Create($"{p.Key}", (JsonNode?)Json(p.Value)))),
                    }),
            ]),
        };

    private static BenchmarkLine Line(string name, EvaluatedQuestion[] questions)
    {
        int fewest = questions.Min(q => q.Samples);
        return new(
            name,
            questions.Length,
            Share([.. questions.Select(q => (double)q.Correct / q.Samples)], questions.Sum(q => (long)q.Samples)),
            Enumerable
                .Range(0, 31)
                .Select(power => 1 << power)
                .TakeWhile(k => k <= fewest)
                .ToImmutableSortedDictionary(
                    k => k,
                    k =>
                        Share(
                            [.. questions.Select(q => PassAtK.Estimate(q.Samples, q.Correct, k))],
                            questions.Sum(q => (long)q.Samples / k)
                        )
                )
        );
    }

    private static MeasuredShare Share(double[] shares, long most)
    {
        (double mean, Interval interval) = Clustered.Mean(shares, most);
        return new(mean, interval);
    }

    private static JsonObject Json(MeasuredShare share) =>
        new()
        {
            ["value"] = share.Value,
            ["low"] = share.Interval.Low,
            ["high"] = share.Interval.High,
        };

    private static string Percent(MeasuredShare share) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * share.Value:F1} ({100 * share.Interval.Low:F1} to {100 * share.Interval.High:F1})"
        );
}
