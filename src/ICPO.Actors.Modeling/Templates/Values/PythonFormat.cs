using System.Globalization;
using System.Numerics;
using System.Text;

namespace ICPO.Actors.Modeling;

/// <summary>Python's two ways of formatting: <c>'%05.2f' % x</c> and <c>'{:>8}'.format(x)</c>.</summary>
internal static class PythonFormat
{
    private const int MostPrecision = 1000;

    /// <summary>format % values, where values is a tuple, a dict (for %(name)s) or one value.</summary>
    public static string Percent(string format, object? values, Budget budget)
    {
        var (result, at, used) = (new StringBuilder(), 0, 0);
        var positional = values is PythonTuple tuple ? tuple.Items : [values];
        while (at < format.Length)
        {
            var percent = format.IndexOf('%', at);
            result.Append(format, at, (percent < 0 ? format.Length : percent) - at);
            if (percent < 0)
            {
                break;
            }

            at = percent + 1;
            object? named = null;
            var hasName = at < format.Length && format[at] == '(';
            if (hasName)
            {
                var end = format.IndexOf(')', at);
                var dict = values as PythonDict ?? throw new TemplateFault("format requires a mapping");
                var name = end < 0 ? throw new TemplateFault("incomplete format key") : format[(at + 1)..end];
                named = dict.TryGet(name, out var found) ? found : throw new TemplateFault($"KeyError: {PythonText.Repr(name)}");
                at = end + 1;
            }

            var spec = new Spec { Sign = '-' };
            for (; at < format.Length && "#0- +".Contains(format[at]); at++)
            {
                spec = format[at] switch
                {
                    '#' => spec with { Alternate = true },
                    '0' => spec with { Zero = true },
                    '-' => spec with { Align = '<' },
                    _ => spec with { Sign = spec.Sign == '+' ? '+' : format[at] },
                };
            }

            spec = spec with { Width = Number() };
            if (at < format.Length && format[at] == '.')
            {
                at++;
                spec = spec with { Precision = Number() };
            }

            for (; at < format.Length && format[at] is 'h' or 'l' or 'L'; at++)
            {
            }

            if (at == format.Length)
            {
                throw new TemplateFault("incomplete format");
            }

            var kind = format[at++];
            if (kind == '%')
            {
                result.Append('%');
                continue;
            }

            var text = Convert(kind, hasName ? named : Next(), spec);
            budget.Make(text.Length);
            result.Append(text);

            int Number()
            {
                if (at < format.Length && format[at] == '*')
                {
                    at++;
                    return (int)BigInteger.Min(PythonNumbers.AsInteger(Next()) ?? throw new TemplateFault("* wants int"), int.MaxValue);
                }

                var start = at;
                while (at < format.Length && char.IsAsciiDigit(format[at]))
                {
                    at++;
                }

                return Width(format[start..at]);
            }
        }

        return used < positional.Length && values is not (PythonDict or PythonList)
            ? throw new TemplateFault("not all arguments converted during string formatting")
            : result.ToString();

        object? Next() => used < positional.Length ? positional[used++] : throw new TemplateFault("not enough arguments for format string");
    }

    private static string Convert(char kind, object? value, Spec spec)
    {
        spec = spec.Align == '<' ? spec with { Zero = false } : spec with { Align = '>' };
        switch (kind)
        {
            case 's' or 'r' or 'a':
                var text = kind == 's' ? PythonText.Str(value) : PythonText.Repr(value);
                return Pad(spec.Precision >= 0 ? PythonText.Part(text, 0, Math.Min(spec.Precision, PythonText.Length(text))) : text, spec with { Zero = false });
            case 'c':
                return Pad(PythonNumbers.AsInteger(value) is { } point ? Character(point)
                    : PythonText.AsText(value) is { } one && PythonText.Length(one) == 1 ? one
                    : throw new TemplateFault("%c requires int or char"), spec with { Zero = false });
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                var whole = PythonNumbers.AsInteger(value)
                    ?? (value is double real && kind is 'd' or 'i' or 'u' ? new BigInteger(Math.Truncate(Finite((double)value!))) : throw Wrong(kind, value));
                return Whole(whole, kind is 'i' or 'u' ? 'd' : kind, spec, spec.Precision);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return Real(PythonNumbers.AsDouble(value) ?? throw Wrong(kind, value), kind, spec with { Precision = spec.Precision < 0 ? 6 : spec.Precision });
            default:
                throw new TemplateFault($"unsupported format character '{kind}'");
        }
    }

    private static TemplateFault Wrong(char kind, object? value) =>
        (value as Undefined)?.Fail() ?? new TemplateFault($"%{kind} format: a number is required, not {PythonText.TypeName(value)}");

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new TemplateFault("cannot convert float infinity or NaN to integer");

    private static string Character(BigInteger point) =>
        point >= 0 && point <= 0x10FFFF ? PythonText.FromPoint((int)point) : throw new TemplateFault("%c arg not in range(0x110000)");

    /// <summary>format.format(…): fields by position, by name, with attributes, items, conversion and nested specs.</summary>
    /// <param name="format">The text with fields.</param>
    /// <param name="arguments">What the fields name.</param>
    /// <param name="attribute">How an attribute of a value is read; the sandbox's way.</param>
    /// <param name="item">How an item is read.</param>
    /// <param name="budget">What may be made.</param>
    public static string Braces(string format, Arguments arguments, Func<object?, string, object?> attribute, Func<object?, object?, object?> item, Budget budget)
    {
        var automatic = 0;
        return Fill(format, 2);

        string Fill(string text, int depth)
        {
            if (depth < 0)
            {
                throw new TemplateFault("Max string recursion exceeded");
            }

            var result = new StringBuilder();
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
                {
                    result.Append(c);
                    i++;
                }
                else if (c == '}')
                {
                    throw new TemplateFault("Single '}' encountered in format string");
                }
                else if (c == '{')
                {
                    var end = End(text, i);
                    result.Append(Field(text[(i + 1)..end], depth));
                    i = end;
                }
                else
                {
                    result.Append(c);
                }
            }

            budget.Make(result.Length);
            return result.ToString();
        }

        string Field(string field, int depth)
        {
            var colon = Colon(field);
            var (name, spec) = colon < 0 ? (field, "") : (field[..colon], Fill(field[(colon + 1)..], depth - 1));
            var conversion = name.LastIndexOf('!');
            var convert = conversion >= 0 ? name[(conversion + 1)..] : "";
            name = conversion >= 0 ? name[..conversion] : name;
            var value = Value(name);
            value = convert switch
            {
                "" => value,
                "s" => PythonText.Str(value),
                "r" or "a" => PythonText.Repr(value),
                _ => throw new TemplateFault($"Unknown conversion specifier '{convert}'"),
            };
            return Format(value, spec);
        }

        object? Value(string name)
        {
            var end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var cut ? cut : name.Length;
            var first = name[..end];
            var value = first.Length == 0 || first.All(char.IsAsciiDigit)
                ? (first.Length == 0 ? automatic++ : Width(first)) is var index && index < arguments.Positional.Count
                    ? arguments.Positional[index]
                    : throw new TemplateFault($"Replacement index {index} out of range for positional args tuple")
                : arguments.Named.Any(n => n.Key == first) ? arguments.Named.First(n => n.Key == first).Value
                : throw new TemplateFault($"KeyError: {PythonText.Repr(first)}");
            while (end < name.Length)
            {
                var open = name[end] == '[';
                var start = ++end;
                end = open ? name.IndexOf(']', start) : name.AsSpan(start).IndexOfAny('.', '[') is >= 0 and var next ? start + next : name.Length;
                if (end < 0)
                {
                    throw new TemplateFault("Missing ']' in format string");
                }

                var key = name[start..end];
                value = open ? item(value, key.All(char.IsAsciiDigit) ? new BigInteger(Width(key)) : key) : attribute(value, key);
                end += open ? 1 : 0;
            }

            return value;
        }
    }

    private static int End(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw new TemplateFault("expected '}' before end of string");
    }

    /// <summary>The colon before the spec: not one inside brackets.</summary>
    private static int Colon(string field)
    {
        var depth = 0;
        for (var i = 0; i < field.Length; i++)
        {
            depth += field[i] == '[' ? 1 : field[i] == ']' ? -1 : 0;
            if (field[i] == ':' && depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>format(value, spec).</summary>
    public static string Format(object? value, string text)
    {
        if (text.Length == 0)
        {
            return PythonText.Str(value);
        }

        var spec = Spec.Parse(text);
        var number = value is bool or BigInteger or double;
        spec = spec with { Align = spec.Align == '\0' ? (number ? '>' : '<') : spec.Align };
        if (number && spec.Kind != 's')
        {
            if (spec.Kind == 'c')
            {
                return Pad(Character(PythonNumbers.AsInteger(value)!.Value), spec);
            }

            if (value is not double && spec.Kind is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b')
            {
                return spec.Kind == '\0' && value is bool b && spec.Width < 0 && !spec.Zero
                    ? PythonText.Str(b)
                    : spec.Precision >= 0 ? throw new TemplateFault("Precision not allowed in integer format specifier")
                    : Whole(PythonNumbers.AsInteger(value)!.Value, spec.Kind is '\0' or 'n' ? 'd' : spec.Kind, spec, -1);
            }

            if (spec.Kind is '\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%')
            {
                var real = PythonNumbers.AsDouble(value)!.Value;
                return spec.Kind == '\0' && spec.Precision < 0
                    ? PadNumber(Signed(real, spec), Group(PythonNumbers.Text(Math.Abs(real)), spec, 3), "", spec)
                    : Real(real, spec.Kind, spec with { Precision = spec.Precision < 0 ? 6 : spec.Precision });
            }
        }
        else if (PythonText.AsText(value) is { } s && spec.Kind is '\0' or 's')
        {
            return Pad(spec.Precision >= 0 ? PythonText.Part(s, 0, Math.Min(spec.Precision, PythonText.Length(s))) : s, spec);
        }

        throw new TemplateFault(number || PythonText.AsText(value) is not null
            ? $"Unknown format code '{spec.Kind}' for object of type '{PythonText.TypeName(value)}'"
            : $"unsupported format string passed to {PythonText.TypeName(value)}.__format__");
    }

    private static string Whole(BigInteger value, char kind, Spec spec, int digits)
    {
        var magnitude = BigInteger.Abs(value);
        var text = kind switch
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

    private static string Signed(double value, Spec spec) => double.IsNegative(value) && !double.IsNaN(value) ? "-" : spec.Plus;

    private static string Real(double value, char kind, Spec spec)
    {
        if (spec.Precision > MostPrecision)
        {
            throw new TemplateFault("the precision is too large");
        }

        var upper = char.IsAsciiLetterUpper(kind);
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
        var digits = PythonNumbers.Scaled(value, places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return places == 0 ? digits : digits[..^places] + "." + digits[^places..];
    }

    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = PythonNumbers.Shortest(value).Exponent;
        var digits = PythonNumbers.Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
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

    private static string General(double value, Spec spec, bool keepPoint)
    {
        var count = Math.Max(1, spec.Precision);
        var (digits, exponent) = Significant(value, count);
        var scientific = exponent < -4 || exponent >= count;
        var text = scientific ? digits[..1] + "." + digits[1..] : Fixed(value, Math.Max(0, count - 1 - exponent));
        if (!spec.Alternate && text.Contains('.'))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        text = keepPoint && !scientific && !text.Contains('.') ? text + ".0" : text;
        return scientific ? text + PythonNumbers.ExponentText(exponent) : text;
    }

    private static string Group(string text, Spec spec, int size)
    {
        if (spec.Grouping == '\0')
        {
            return text;
        }

        var end = text.IndexOfAny(['.', 'e', '%']) is >= 0 and var at && size == 3 ? at : text.Length;
        var whole = new StringBuilder(text[..end]);
        for (var i = end - size; i > 0; i -= size)
        {
            whole.Insert(i, spec.Grouping);
        }

        return whole.Append(text, end, text.Length - end).ToString();
    }

    private static string PadNumber(string sign, string text, string prefix, Spec spec)
    {
        if ((spec.Zero && spec.Align is '>' or '\0' && spec.Fill == '\0') || spec.Align == '=')
        {
            var fill = spec.Fill != '\0' ? spec.Fill : spec.Zero ? '0' : ' ';
            return sign + prefix + text.PadLeft(Math.Max(0, Limit(spec.Width) - sign.Length - prefix.Length), fill);
        }

        return Pad(sign + prefix + text, spec);
    }

    private static string Pad(string text, Spec spec)
    {
        var missing = Limit(spec.Width) - PythonText.Length(text);
        if (missing <= 0)
        {
            return text;
        }

        var fill = spec.Fill == '\0' ? spec.Zero && spec.Align != '>' ? '0' : ' ' : spec.Fill;
        var left = spec.Align == '>' ? missing : spec.Align == '^' ? missing / 2 : 0;
        return new string(fill, left) + text + new string(fill, missing - left);
    }

    private static int Limit(int width) => width > 1 << 20 ? throw new TemplateFault($"a width of {width} is too large") : width;

    private static int Width(string digits) => digits.Length == 0 ? -1 : digits.Length > 9 ? throw new TemplateFault("Too many decimal digits in format string") : int.Parse(digits, CultureInfo.InvariantCulture);

    /// <summary>[[fill]align][sign][#][0][width][grouping][.precision][type].</summary>
    private readonly record struct Spec()
    {
        public char Fill { get; init; }

        public char Align { get; init; }

        public char Sign { get; init; } = '-';

        public bool Alternate { get; init; }

        public bool Zero { get; init; }

        public int Width { get; init; } = -1;

        public char Grouping { get; init; }

        public int Precision { get; init; } = -1;

        public char Kind { get; init; }

        public string Plus => Sign == '-' ? "" : Sign.ToString();

        public static Spec Parse(string text)
        {
            var (spec, at) = (new Spec(), 0);
            if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
            {
                (spec, at) = (spec with { Fill = text[0], Align = text[1] }, 2);
            }
            else if (text[0] is '<' or '>' or '^' or '=')
            {
                (spec, at) = (spec with { Align = text[0] }, 1);
            }

            if (at < text.Length && text[at] is '+' or '-' or ' ')
            {
                spec = spec with { Sign = text[at++] };
            }

            if (at < text.Length && text[at] == '#')
            {
                spec = spec with { Alternate = true };
                at++;
            }

            if (at < text.Length && text[at] == '0')
            {
                spec = spec with { Zero = true };
                at++;
            }

            spec = spec with { Width = Number() };
            if (at < text.Length && text[at] is ',' or '_')
            {
                spec = spec with { Grouping = text[at++] };
            }

            if (at < text.Length && text[at] == '.')
            {
                at++;
                spec = spec with { Precision = Number() is >= 0 and var precision ? precision : throw new TemplateFault("Format specifier missing precision") };
            }

            return at == text.Length ? spec
                : at == text.Length - 1 ? spec with { Kind = text[at] }
                : throw new TemplateFault($"Invalid format specifier '{text}'");

            int Number()
            {
                var start = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    at++;
                }

                return PythonFormat.Width(text[start..at]);
            }
        }
    }
}
