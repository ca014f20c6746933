using System.Collections.Immutable;
using System.Globalization;

namespace ICPO.Actors.RunFiles.Report.Drawing;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    /// <summary>
    /// About <paramref name="count"/> multiples of 1, 2 or 5 times a power of ten; <paramref name="extend"/> covers both ends.
    /// </summary>
    public static ImmutableArray<double> Create(double low, double high, int count, bool extend)
    {
        if (high <= low)
        {
            double pad = low == 0 ? 1 : Math.Abs(low) / 2;
            (low, high) = extend ? (low - (low > 0 ? pad : 0), high + pad) : (low, high);
            if (high <= low)
            {
                return [low];
            }
        }

        double raw = (high - low) / Math.Max(1, count);
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step =
            power
            * (
                (raw / power) switch
                {
                    <= 1 => 1,
                    <= 2 => 2,
                    <= 5 => 5,
                    _ => 10,
                }
            );
        const double Slack = 1e-9;
        long first = (long)(extend ? Math.Floor((low / step) + Slack) : Math.Ceiling((low / step) - Slack));
        long last = (long)(extend ? Math.Ceiling((high / step) - Slack) : Math.Floor((high / step) + Slack));
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>A short form: 12k, 0.05, 3.</summary>
    public static string Text(double value) =>
        Math.Abs(value) switch
        {
            >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k",
            0 => "0",
            < 1e-3 => value.ToString("0.#e0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
}
