using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>Series of metrics, reduced to what a chart shows.</summary>
internal static class MetricsJson
{
    /// <summary>The series of evaluations, with Wilson's 95 % interval as its range.</summary>
    public const string Accuracy = "accuracy";

    public static JsonObject Names(MetricColumns metrics) =>
        new()
        {
            ["names"] = Json.Array(metrics.Names.Concat(metrics.Evaluations.Count > 0 ? [Accuracy] : Array.Empty<string>()), name =>
                JsonValue.Create(name)
            ),
        };

    /// <param name="metrics">The metrics of a run.</param>
    /// <param name="names">Which series; unknown ones are empty.</param>
    /// <param name="points">The most points of a series.</param>
    /// <param name="bySeconds">True for the run's seconds as X, false for updates.</param>
    public static JsonObject Series(MetricColumns metrics, IEnumerable<string> names, int points, bool bySeconds)
    {
        IReadOnlyList<double> x = bySeconds ? metrics.Seconds : [.. metrics.Updates.Select(update => (double)update)];
        return new()
        {
            ["updates"] = metrics.Updates.Count,
            ["series"] = new JsonObject(
                names
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => KeyValuePair.Create(name, (JsonNode?)ToJson(Points(metrics, name, x, points, bySeconds))))
            ),
        };
    }

    private static IEnumerable<SeriesPoint> Points(MetricColumns metrics, string name, IReadOnlyList<double> x, int points, bool bySeconds)
    {
        if (name != Accuracy)
        {
            return Downsampling.Reduce(x, metrics.Column(name), points);
        }

        return metrics.Evaluations.Select(evaluation => Evaluation(evaluation, bySeconds)).TakeLast(points);
    }

    private static SeriesPoint Evaluation(EvaluationLine line, bool bySeconds)
    {
        Interval range = Wilson.Interval(line.Accuracy, line.Questions);
        return new(bySeconds ? line.Seconds : line.Update, line.Accuracy, range.Low, range.High);
    }

    private static JsonObject ToJson(IEnumerable<SeriesPoint> points)
    {
        SeriesPoint[] all = [.. points];
        return new()
        {
            ["x"] = Json.Array(all, point => Json.Short(point.X)),
            ["y"] = Json.Array(all, point => Json.Short(point.Mean)),
            ["min"] = Json.Array(all, point => Json.Short(point.Min)),
            ["max"] = Json.Array(all, point => Json.Short(point.Max)),
        };
    }
}
