using System.Text.Json.Nodes;
using ICPO.Actors.Dashboard.Reading;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>How a run's time is spent, and where its staleness arises.</summary>
internal static class TimelineJson
{
    /// <summary>Busy shares by update, in the order of the page.</summary>
    private static readonly (string Name, Func<MetricColumns, IReadOnlyList<double>> Values)[] Shares =
    [
        ("engines", metrics => metrics.Column("busy/engines")),
        ("verifiers", metrics => metrics.Column("busy/verifiers")),
        ("learner", LearnerShare),
    ];

    /// <param name="metrics">The metrics of a run.</param>
    /// <param name="view">Its journal; null if it cannot be read.</param>
    /// <param name="points">The most points of a series.</param>
    public static JsonObject Create(MetricColumns metrics, JournalView? view, int points)
    {
        double[] updates = [.. metrics.Updates.Select(update => (double)update)];
        var busy = new JsonObject();
        foreach ((string name, Func<MetricColumns, IReadOnlyList<double>> read) in Shares)
        {
            IReadOnlyList<double> values = read(metrics);
            if (values.Any(double.IsFinite))
            {
                busy[name] = ToJson(Downsampling.Reduce(updates, values, points));
            }
        }

        return new()
        {
            ["busy"] = busy,
            ["staleness"] = view is null
                ? null
                : new JsonObject
                {
                    ["in_flight"] = ToJson(Reduce(view, row => row.InFlight, points)),
                    ["in_queue"] = ToJson(Reduce(view, row => row.InQueue, points)),
                },
        };
    }

    /// <summary>The time of each update as a share of the time since the previous one.</summary>
    private static double[] LearnerShare(MetricColumns metrics)
    {
        IReadOnlyList<double> seconds = metrics.Column("seconds/update");
        double[] shares = new double[seconds.Count];
        for (int i = 0; i < shares.Length; i++)
        {
            double span = i > 0 ? metrics.Seconds[i] - metrics.Seconds[i - 1] : double.NaN;
            shares[i] = span > 0 ? Math.Min(1, seconds[i] / span) : double.NaN;
        }

        return shares;
    }

    private static List<SeriesPoint> Reduce(JournalView view, Func<UpdateRow, double?> value, int points) =>
        Downsampling.Reduce(
            [.. view.Updates.Select(row => (double)row.Update.Version.Value)],
            [.. view.Updates.Select(row => value(row) ?? double.NaN)],
            points
        );

    private static JsonObject ToJson(List<SeriesPoint> points) =>
        new()
        {
            ["x"] = Json.Array(points, point => Json.Short(point.X)),
            ["y"] = Json.Array(points, point => Json.Short(point.Mean)),
            ["min"] = Json.Array(points, point => Json.Short(point.Min)),
            ["max"] = Json.Array(points, point => Json.Short(point.Max)),
        };
}
