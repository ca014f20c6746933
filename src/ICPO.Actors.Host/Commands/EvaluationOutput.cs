using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;

namespace ICPO.Actors.Host.Commands;

/// <summary>Writes the results of an evaluation as JSON.</summary>
internal static class EvaluationOutput
{
    public static JsonObject ToJson(EvaluationReport report)
    {
        AccuracyReport accuracy = report.Accuracy();
        return new JsonObject
        {
            ["questions"] = report.Questions.Length,
            ["samples"] = report.Samples,
            ["correct"] = report.Correct,
            ["faults"] = report.Faults,
            ["tokens"] = report.Tokens,
            ["accuracy"] = ToJson(accuracy.Overall),
            ["by_tag"] = new JsonObject(accuracy.ByTag.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)ToJson(t.Value)))),
            ["pass_at_k"] = new JsonObject(accuracy.PassAtK.Select(p => KeyValuePair.Create($"{p.Key}", (JsonNode?)p.Value))),
        };
    }

    /// <summary>Writes the pass rate of each question that has a verdict as JSON lines.</summary>
    /// <param name="path">The file; null writes none.</param>
    /// <param name="questions">With the name of the benchmark, if any.</param>
    public static void WritePassRates(string? path, IEnumerable<(string? Benchmark, EvaluatedQuestion Question)> questions)
    {
        if (path is not null)
        {
            File.WriteAllLines(path, questions.Where(q => q.Question.Samples > 0).Select(q => PassRate(q.Benchmark, q.Question)));
        }
    }

    private static string PassRate(string? benchmark, EvaluatedQuestion question)
    {
        JsonObject line = new()
        {
            ["id"] = question.Id,
            ["samples"] = question.Samples,
            ["correct"] = question.Correct,
            ["pass_rate"] = (double)question.Correct / question.Samples,
        };
        if (benchmark is not null)
        {
            line["benchmark"] = benchmark;
        }

        return JsonOutput.ToLine(line);
    }

    private static JsonObject ToJson(Accuracy share) =>
        new()
        {
            ["value"] = share.Value,
            ["questions"] = share.Questions,
            ["low"] = share.Interval.Low,
            ["high"] = share.Interval.High,
        };
}
