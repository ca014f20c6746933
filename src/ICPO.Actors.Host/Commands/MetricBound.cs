using System.Globalization;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Commands;

/// <summary>A metric of an update and a bound that it may cross, as <c>--bisect</c> takes it: <c>reward/policy&gt;0.5</c>.</summary>
internal sealed record MetricBound(string Metric, bool Above, double Bound)
{
    public static MetricBound Parse(string text)
    {
        int place = text.IndexOfAny(['<', '>']);
        return place > 0 && double.TryParse(text.AsSpan(place + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
            ? new MetricBound(text[..place].Trim(), text[place] == '>', bound)
            : throw new UsageException($"--bisect {text}: write METRIC>BOUND or METRIC<BOUND, for example \"reward/policy>0.5\".");
    }

    /// <summary>False too where the update has no such metric.</summary>
    public bool IsCrossed(IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(Metric, out double value) && (Above ? value > Bound : value < Bound);

    public override string ToString() => $"{Metric} {(Above ? '>' : '<')} {Bound.ToString(CultureInfo.InvariantCulture)}";
}
