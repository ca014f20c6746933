using System.Globalization;
using System.Text;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>
/// strftime in the C locale as glibc has it: %, flags (- _ 0 ^ #), a width, E or O, and the directive. Unknown directives are copied
/// unchanged.
/// </summary>
internal static class StrfTime
{
    public static string Format(DateTimeOffset now, string format, Budget budget)
    {
        var result = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            int end = i + 1;
            if (format[i] != '%' || end == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            end = While(end, c => c is '-' or '_' or '0' or '^' or '#');
            string flags = format[(i + 1)..end];
            int digits = end;
            end = While(end, char.IsAsciiDigit);
            int width = PythonNumberFormat.Limit(FormatSpec.Count(format[digits..end]));
            end += end < format.Length && format[end] is 'E' or 'O' ? 1 : 0;
            string? text =
                end < format.Length && !(format[end] == 'f' && end > i + 1) ? Directive(now, format[end], flags, width, budget) : null;
            end = Math.Min(end, format.Length - 1);
            text ??= format[i..(end + 1)];
            budget.Make(text.Length);
            result.Append(text);
            i = end;
        }

        return result.ToString();

        int While(int at, Func<char, bool> holds)
        {
            while (at < format.Length && holds(format[at]))
            {
                at++;
            }

            return at;
        }
    }

    /// <summary>Null if there is no such directive.</summary>
    private static string? Directive(DateTimeOffset now, char directive, string flags, int width, Budget budget)
    {
        if (Number(now, directive) is var (number, least, pad))
        {
            // The last padding flag wins.
            char chosen = flags.LastOrDefault(f => f is '-' or '_' or '0', pad);
            string digits = number.ToString(CultureInfo.InvariantCulture);
            return chosen == '-' ? digits : digits.PadLeft(Math.Max(least, width), chosen == '_' ? ' ' : '0');
        }

        string? text = Text(now, directive, budget);
        if (flags.Contains('#') && directive == 'p')
        {
            text = text?.ToLowerInvariant();
        }
        else if (directive != 'P' && (flags.Contains('^') || (flags.Contains('#') && directive is 'a' or 'A' or 'b' or 'B' or 'h')))
        {
            text = text?.ToUpperInvariant();
        }

        return text?.PadLeft(Math.Max(0, flags.Contains('-') ? 0 : width), flags.Contains('0') ? '0' : ' ');
    }

    /// <summary>A number, its minimum number of digits, and the padding character.</summary>
    private static (long Number, int Least, char Pad)? Number(DateTimeOffset now, char directive) =>
        directive switch
        {
            'C' => (now.Year / 100, 2, '0'),
            'd' => (now.Day, 2, '0'),
            'e' => (now.Day, 2, '_'),
            'f' => (now.Ticks / 10 % 1_000_000, 6, '0'),
            'g' => (ISOWeek.GetYear(now.DateTime) % 100, 2, '0'),
            'G' => (ISOWeek.GetYear(now.DateTime), 1, '0'),
            'H' => (now.Hour, 2, '0'),
            'I' => (((now.Hour + 11) % 12) + 1, 2, '0'),
            'j' => (now.DayOfYear, 3, '0'),
            'k' => (now.Hour, 2, '_'),
            'l' => (((now.Hour + 11) % 12) + 1, 2, '_'),
            'm' => (now.Month, 2, '0'),
            'M' => (now.Minute, 2, '0'),
            's' => (now.ToUnixTimeSeconds(), 1, '0'),
            'S' => (now.Second, 2, '0'),
            'u' => ((((int)now.DayOfWeek + 6) % 7) + 1, 1, '0'),
            'U' => ((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7, 2, '0'),
            'V' => (ISOWeek.GetWeekOfYear(now.DateTime), 2, '0'),
            'w' => ((int)now.DayOfWeek, 1, '0'),
            'W' => ((now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7, 2, '0'),
            'y' => (now.Year % 100, 2, '0'),
            'Y' => (now.Year, 1, '0'),
            _ => null,
        };

    private static string? Text(DateTimeOffset now, char directive, Budget budget) =>
        directive switch
        {
            'a' => In(now, "ddd"),
            'A' => In(now, "dddd"),
            'b' or 'h' => In(now, "MMM"),
            'B' => In(now, "MMMM"),
            'c' => Format(now, "%a %b %e %H:%M:%S %Y", budget),
            'D' or 'x' => Format(now, "%m/%d/%y", budget),
            'F' => Format(now, "%Y-%m-%d", budget),
            'n' => "\n",
            'p' => now.Hour < 12 ? "AM" : "PM",
            'P' => now.Hour < 12 ? "am" : "pm",
            'r' => Format(now, "%I:%M:%S %p", budget),
            'R' => Format(now, "%H:%M", budget),
            't' => "\t",
            'T' or 'X' => Format(now, "%H:%M:%S", budget),
            'z' or 'Z' => "", // the time has no zone, as datetime.now() has none
            '%' => "%",
            _ => null,
        };

    private static string In(DateTimeOffset now, string format) => now.ToString(format, CultureInfo.InvariantCulture);
}
