using System.Globalization;
using System.Net;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>Formats text and numbers of a report.</summary>
internal static class ReportText
{
    private const char NarrowSpace = '\u202F';

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + NarrowSpace + "%";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', NarrowSpace);

    public static string Duration(double seconds) =>
        seconds switch
        {
            < 100 => $"{seconds:0} s",
            < 6000 => $"{Math.Floor(seconds / 60):0} min {seconds % 60:00} s",
            _ => $"{Math.Floor(seconds / 3600):0} h {seconds % 3600 / 60:00} min",
        };
}
