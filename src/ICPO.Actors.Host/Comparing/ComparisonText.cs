using System.Globalization;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Formats the figures of a comparison; what is missing is a dash.</summary>
internal static class ComparisonText
{
    /// <summary>Mean ± sample standard deviation.</summary>
    public static string Spread(double[] values, double factor)
    {
        double mean = values.Length > 0 ? values.Average() : double.NaN;
        if (values.Length < 2 || double.IsNaN(mean))
        {
            return Number(factor * mean, "0.0");
        }

        double deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        return Number(factor * mean, "0.0") + (double.IsNaN(deviation) ? "" : $" ± {Number(factor * deviation, "0.0")}");
    }

    /// <summary>A difference of shares in percentage points.</summary>
    public static string Signed(double share) => Number(100 * share, "+0.0;−0.0;0.0");

    /// <summary>An effect size, which is infinite if all differences are equal.</summary>
    public static string Effect(double? effect)
    {
        double value = effect ?? double.NaN;
        return double.IsInfinity(value) ? $"{(value > 0 ? "+" : "−")}∞" : Number(value, "+0.00;−0.00;0.00");
    }

    public static string P(double? p) =>
        p switch
        {
            null => "–",
            < 0.0001 => "< 0.0001",
            { } value => Number(value, "0.0000"),
        };

    public static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
