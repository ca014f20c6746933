using System.Globalization;
using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>
/// Numbers and text laid out by a format specification whose Align and Fill are set; used by both of Python's formatting syntaxes.
/// </summary>
internal static class PythonNumberFormat
{
    private const int MaxPrecision = 1000;
    private const int MaxWidth = 1 << 20;

    /// <param name="value">The number.</param>
    /// <param name="kind">d, b, o, x or X.</param>
    /// <param name="spec">The layout.</param>
    /// <param name="minDigits">Minimum number of digits; -1 for none.</param>
    /// <param name="budget">What the work counts against.</param>
    public static string Whole(BigInteger value, char kind, FormatSpec spec, int minDigits, Budget budget)
    {
        var magnitude = BigInteger.Abs(value);
        string text = kind switch
        {
            'd' => PythonNumbers.Text(magnitude, budget),
            'b' => magnitude.ToString("b", CultureInfo.InvariantCulture),
            'o' => Octal(magnitude),
            _ => magnitude.ToString(kind == 'x' ? "x" : "X", CultureInfo.InvariantCulture),
        };
        if (kind != 'd')
        {
            text = text.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
        }

        return Number(
            (value.Sign < 0 ? "-" : spec.Plus) + (spec.Alternate && kind != 'd' ? "0" + kind : ""),
            text.PadLeft(Math.Max(0, Limit(minDigits)), '0'),
            "",
            spec,
            kind == 'd' ? 3 : 4,
            budget
        );
    }

    private static string Octal(BigInteger value)
    {
        string bits = value.ToString("b", CultureInfo.InvariantCulture);
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        var digits = new StringBuilder();
        for (int i = 0; i < bits.Length; i += 3)
        {
            digits.Append((char)('0' + ((bits[i] - '0') * 4) + ((bits[i + 1] - '0') * 2) + bits[i + 2] - '0'));
        }

        return digits.ToString();
    }

    /// <param name="value">The number.</param>
    /// <param name="kind">e, f, g, n or %; \0 to format as str() does.</param>
    /// <param name="spec">The layout; has a precision unless there is no kind.</param>
    /// <param name="budget">What the work counts against.</param>
    public static string Real(double value, char kind, FormatSpec spec, Budget budget)
    {
        if (spec.Precision > MaxPrecision)
        {
            throw new TemplateFault("the precision is too large");
        }

        double magnitude = Math.Abs(kind == '%' ? value * 100 : value);
        string text = (magnitude, char.ToLowerInvariant(kind)) switch
        {
            (double.NaN, _) => "nan",
            (double.PositiveInfinity, _) => "inf",
            (_, 'f' or '%') => Pointed(Fixed(magnitude, spec.Precision), spec),
            (_, 'e') => Exponential(magnitude, spec),
            (_, '\0') when spec.Precision < 0 => Pointed(PythonNumbers.Text(magnitude), spec),
            _ => General(magnitude, spec, kind == '\0'),
        };
        text = char.IsAsciiLetterUpper(kind) ? text.ToUpperInvariant() : text;
        bool negative =
            double.IsNegative(value) && !double.IsNaN(value) && !(spec.NoNegativeZero && !text.AsSpan().ContainsAnyInRange('1', '9'));
        int whole = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
        return Number(negative ? "-" : spec.Plus, text[..whole], text[whole..] + (kind == '%' ? "%" : ""), spec, 3, budget);
    }

    private static string Fixed(double value, int places)
    {
        string digits = PythonNumbers.Scaled(value, places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return places == 0 ? digits : digits[..^places] + "." + digits[^places..];
    }

    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        int exponent = PythonNumbers.Shortest(value).Exponent;
        string digits = PythonNumbers.Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > count)
        {
            exponent++;
            digits = PythonNumbers.Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        }

        return (digits.PadLeft(count, '0'), exponent);
    }

    private static string Exponential(double value, FormatSpec spec)
    {
        (string? digits, int exponent) = Significant(value, spec.Precision + 1);
        return Pointed(digits[..1] + (digits.Length > 1 ? "." + digits[1..] : ""), spec) + PythonNumbers.ExponentText(exponent);
    }

    /// <summary>The alternate form of a number has a point.</summary>
    private static string Pointed(string text, FormatSpec spec)
    {
        if (!spec.Alternate || text.Contains('.'))
        {
            return text;
        }

        if (text.Contains('e'))
        {
            return text.Replace("e", ".e");
        }

        return text + ".";
    }

    /// <param name="value">The number.</param>
    /// <param name="spec">The number of significant digits, and whether trailing zeros are kept.</param>
    /// <param name="real">Whether the result must look like a float: with a digit after the point or an exponent.</param>
    private static string General(double value, FormatSpec spec, bool real)
    {
        int count = Math.Max(1, spec.Precision);
        (string? digits, int exponent) = Significant(value, count);
        bool scientific = exponent < -4 || exponent >= count - (real ? 1 : 0);
        string text = scientific ? digits[..1] + "." + digits[1..] : Fixed(value, Math.Max(0, count - 1 - exponent));
        if (spec.Alternate)
        {
            text = Pointed(text, spec);
        }
        else if (text.Contains('.'))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        if (scientific)
        {
            return text + PythonNumbers.ExponentText(exponent);
        }

        if (real && !text.Contains('.'))
        {
            return text + ".0";
        }

        return text;
    }

    /// <summary>A number with its digits in groups.</summary>
    /// <param name="head">Sign and prefix.</param>
    /// <param name="digits">Whole digits.</param>
    /// <param name="tail">Point, fraction, exponent and percent sign.</param>
    /// <param name="spec">The layout.</param>
    /// <param name="size">Digits of a group.</param>
    /// <param name="budget">What the work counts against.</param>
    private static string Number(string head, string digits, string tail, FormatSpec spec, int size, Budget budget)
    {
        int room = Limit(spec.Width) - head.Length - tail.Length;
        if (spec.Grouping != '\0')
        {
            digits = Group(digits, spec.Grouping, size, spec is { Fill: "0", Align: '=' } ? room : 0);
        }

        return spec.Align == '=' ? head + Repeat(spec.Fill, room - digits.Length) + digits + tail : Pad(head + digits + tail, spec, budget);
    }

    /// <summary>Digits in groups, padded with zeros to a minimum width; a separator never comes first.</summary>
    private static string Group(string digits, char separator, int size, int minWidth)
    {
        int count = Math.Max(digits.Length, minWidth - ((minWidth - 1) / (size + 1)));
        digits = digits.PadLeft(count, '0');
        var grouped = new StringBuilder();
        for ((int at, int next) = (0, ((count - 1) % size) + 1); at < count; (at, next) = (next, next + size))
        {
            grouped.Append(at > 0 ? separator.ToString() : "").Append(digits, at, next - at);
        }

        return grouped.ToString();
    }

    public static string Pad(string text, FormatSpec spec, Budget budget)
    {
        int missing = Math.Max(0, Limit(spec.Width) - PythonText.Length(text, budget));
        int left = spec.Align switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        return Repeat(spec.Fill, left) + text + Repeat(spec.Fill, missing - left);
    }

    private static string Repeat(string fill, int count) =>
        fill.Length == 1 ? new string(fill[0], Math.Max(0, count)) : string.Concat(Enumerable.Repeat(fill, Math.Max(0, count)));

    /// <exception cref="TemplateFault">The width exceeds the maximum.</exception>
    public static int Limit(int width) => width > MaxWidth ? throw new TemplateFault($"a width of {width} is too large") : width;

    public static string Character(BigInteger point) =>
        point >= 0 && point <= 0x10FFFF ? PythonText.FromPoint((int)point) : throw new TemplateFault("%c arg not in range(0x110000)");
}
