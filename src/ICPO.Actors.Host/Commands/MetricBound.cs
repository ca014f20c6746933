using System.Globalization;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Replay;

namespace ICPO.Actors.Host.Commands;

/// <summary>A bound on a metric of an update, the value of <c>--bisect</c>: <c>reward/mean/policy&gt;0.5</c>.</summary>
internal sealed record MetricBound(string Metric, bool Above, double Bound)
{
    /// <exception cref="UsageException">The text is not a bound.</exception>
    public static MetricBound Parse(string text)
    {
        int place = text.IndexOfAny(['<', '>']);
        return place > 0 && double.TryParse(text.AsSpan(place + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
            ? new MetricBound(MetricNames.Current(text[..place].Trim()), text[place] == '>', bound)
            : throw new UsageException($"--bisect {text}: write METRIC>BOUND or METRIC<BOUND, for example \"reward/mean/policy>0.5\".");
    }

    /// <summary>True if the metric is beyond the bound. An update without expert rollouts has no metrics of them, so it is false.</summary>
    /// <exception cref="UsageException">There is no metric of this name.</exception>
    public bool IsCrossedBy(ReplayedUpdate update)
    {
        if (update.Metrics.TryGetValue(Metric, out double value))
        {
            return Above ? value > Bound : value < Bound;
        }

        return Metric.Contains("expert", StringComparison.Ordinal)
            ? false
            : throw new UsageException($"--bisect: unknown metric {Metric}; known metrics are {string.Join(", ", update.Metrics.Keys)}.");
    }

    public override string ToString() => $"{Metric} {(Above ? '>' : '<')} {Bound.ToString(CultureInfo.InvariantCulture)}";
}
