using System.Globalization;
using System.Numerics;
using System.Text;

namespace ICPO.Actors.Modeling;

/// <summary>Numbers and text as a format specification wants them, the same in both of Python's ways of formatting.</summary>
internal static class PythonNumberFormat
{
    private const int MostPrecision = 1000;

    public static string Whole(BigInteger value, char kind, FormatSpec spec, int digits)
    {
        var magnitude = BigInteger.Abs(value);
        string text = kind switch
        {
            'd' => PythonNumbers.Text(magnitude),
            'b' => magnitude.ToString("b", CultureInfo.InvariantCulture),
            'o' => Octal(magnitude),
            _ => magnitude.ToString(kind == 'x' ? "x" : "X", CultureInfo.InvariantCulture),
        };
        text = kind is 'd' ? text : text.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
        text = Group(text.PadLeft(Math.Max(0, digits), '0'), spec, kind == 'd' ? 3 : 4);
        return PadNumber(value.Sign < 0 ? "-" : spec.Plus, text, spec.Alternate && kind != 'd' ? "0" + kind : "", spec);
    }

    private static string Octal(BigInteger value)
    {
        var digits = new StringBuilder();
        for (; !value.IsZero; value >>= 3)
        {
            digits.Insert(0, (char)('0' + (int)(value & 7)));
        }

        return digits.Length == 0 ? "0" : digits.ToString();
    }

    public static string Signed(double value, FormatSpec spec) => double.IsNegative(value) && !double.IsNaN(value) ? "-" : spec.Plus;

    public static string Real(double value, char kind, FormatSpec spec)
    {
        if (spec.Precision > MostPrecision)
        {
            throw new TemplateFault("the precision is too large");
        }

        bool upper = char.IsAsciiLetterUpper(kind);
        string text;
        if (!double.IsFinite(value))
        {
            text = double.IsNaN(value) ? "nan" : "inf";
        }
        else
        {
            text = char.ToLowerInvariant(kind) switch
            {
                'f' => Fixed(value, spec.Precision),
                '%' => Fixed(value * 100, spec.Precision) + "%",
                'e' => Exponential(value, spec.Precision),
                _ => General(value, spec, kind == '\0'),
            };
            text = spec.Alternate && !text.Contains('.') && kind is 'f' or 'F' ? text + "." : text;
        }

        text = Group(upper ? text.ToUpperInvariant() : text, spec, 3);
        return PadNumber(Signed(value, spec), text, "", spec);
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

    private static string Exponential(double value, int places)
    {
        var (digits, exponent) = Significant(value, places + 1);
        return digits[..1] + (places > 0 ? "." + digits[1..] : "") + PythonNumbers.ExponentText(exponent);
    }

    private static string General(double value, FormatSpec spec, bool keepPoint)
    {
        int count = Math.Max(1, spec.Precision);
        var (digits, exponent) = Significant(value, count);
        bool scientific = exponent < -4 || exponent >= count;
        string text = scientific ? digits[..1] + "." + digits[1..] : Fixed(value, Math.Max(0, count - 1 - exponent));
        if (!spec.Alternate && text.Contains('.'))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        text = keepPoint && !scientific && !text.Contains('.') ? text + ".0" : text;
        return scientific ? text + PythonNumbers.ExponentText(exponent) : text;
    }

    public static string Group(string text, FormatSpec spec, int size)
    {
        if (spec.Grouping == '\0')
        {
            return text;
        }

        int end = text.IndexOfAny(['.', 'e', '%']) is >= 0 and var at && size == 3 ? at : text.Length;
        var whole = new StringBuilder(text[..end]);
        for (int i = end - size; i > 0; i -= size)
        {
            whole.Insert(i, spec.Grouping);
        }

        return whole.Append(text, end, text.Length - end).ToString();
    }

    public static string PadNumber(string sign, string text, string prefix, FormatSpec spec)
    {
        if ((spec.Zero && spec.Align is '>' or '\0' && spec.Fill == '\0') || spec.Align == '=')
        {
            char fill = spec.Fill != '\0' ? spec.Fill : spec.Zero ? '0' : ' ';
            return sign + prefix + text.PadLeft(Math.Max(0, Limit(spec.Width) - sign.Length - prefix.Length), fill);
        }

        return Pad(sign + prefix + text, spec);
    }

    public static string Pad(string text, FormatSpec spec)
    {
        int missing = Limit(spec.Width) - PythonText.Length(text);
        if (missing <= 0)
        {
            return text;
        }

        char fill = spec.Fill == '\0' ? spec.Zero && spec.Align != '>' ? '0' : ' ' : spec.Fill;
        int left = spec.Align == '>' ? missing : spec.Align == '^' ? missing / 2 : 0;
        return new string(fill, left) + text + new string(fill, missing - left);
    }

    private static int Limit(int width) => width > 1 << 20 ? throw new TemplateFault($"a width of {width} is too large") : width;

    public static string Character(BigInteger point) =>
        point >= 0 && point <= 0x10FFFF ? PythonText.FromPoint((int)point) : throw new TemplateFault("%c arg not in range(0x110000)");
}
