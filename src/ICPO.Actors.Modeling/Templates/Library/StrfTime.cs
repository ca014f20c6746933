using System.Globalization;
using System.Text;

namespace ICPO.Actors.Modeling;

/// <summary>strftime in the C locale, with glibc's %-d.</summary>
internal static class StrfTime
{
    public static string Format(DateTimeOffset now, string format)
    {
        var result = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            char flag = format[++i] is '-' or '_' or '0' or '^' or '#' && i + 1 < format.Length ? format[i++] : ' ';
            string text = Directive(now, format[i]);
            result.Append(flag switch
            {
                '-' => text.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : text.Length > 0 && char.IsAsciiDigit(text[^1]) ? "0" : text,
                '_' => text.TrimStart('0').PadLeft(text.Length),
                '^' => text.ToUpperInvariant(),
                _ => text,
            });
        }

        return result.ToString();
    }

    private static string Directive(DateTimeOffset now, char directive) => directive switch
    {
        'a' => In(now, "ddd"),
        'A' => In(now, "dddd"),
        'b' or 'h' => In(now, "MMM"),
        'B' => In(now, "MMMM"),
        'c' => Format(now, "%a %b %e %H:%M:%S %Y"),
        'C' => $"{now.Year / 100:00}",
        'd' => $"{now.Day:00}",
        'D' or 'x' => Format(now, "%m/%d/%y"),
        'e' => $"{now.Day,2}",
        'f' => $"{now.Ticks / 10 % 1_000_000:000000}",
        'F' => Format(now, "%Y-%m-%d"),
        'G' => ISOWeek.GetYear(now.DateTime).ToString(CultureInfo.InvariantCulture),
        'H' => $"{now.Hour:00}",
        'I' => $"{((now.Hour + 11) % 12) + 1:00}",
        'j' => $"{now.DayOfYear:000}",
        'k' => $"{now.Hour,2}",
        'l' => $"{((now.Hour + 11) % 12) + 1,2}",
        'm' => $"{now.Month:00}",
        'M' => $"{now.Minute:00}",
        'n' => "\n",
        'p' => now.Hour < 12 ? "AM" : "PM",
        'P' => now.Hour < 12 ? "am" : "pm",
        'r' => Format(now, "%I:%M:%S %p"),
        'R' => Format(now, "%H:%M"),
        's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => $"{now.Second:00}",
        't' => "\t",
        'T' or 'X' => Format(now, "%H:%M:%S"),
        'u' => $"{(((int)now.DayOfWeek + 6) % 7) + 1}",
        'U' => $"{(now.DayOfYear + 6 - (int)now.DayOfWeek) / 7:00}",
        'V' => $"{ISOWeek.GetWeekOfYear(now.DateTime):00}",
        'w' => $"{(int)now.DayOfWeek}",
        'W' => $"{(now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7:00}",
        'y' => $"{now.Year % 100:00}",
        'Y' => now.Year.ToString(CultureInfo.InvariantCulture),
        'z' or 'Z' => "", // the time has no zone, as datetime.now() has none
        '%' => "%",
        _ => "%" + directive,
    };

    private static string In(DateTimeOffset now, string format) => now.ToString(format, CultureInfo.InvariantCulture);
}
