using System.Globalization;

namespace ICPO.Actors.Host.Views;

/// <summary>Formats figures for console output.</summary>
internal static class Format
{
    /// <summary>A share in [0, 1] as a percentage.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A whole number with thousands separators.</summary>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number with a fixed number of decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.ToString(@"m\:ss");
}
