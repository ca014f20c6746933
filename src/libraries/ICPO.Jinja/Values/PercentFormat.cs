using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>Python's printf-style formatting: <c>'%05.2f' % x</c>.</summary>
internal static class PercentFormat
{
    /// <summary>format % values, where values is a tuple, a dict (for %(name)s) or one value.</summary>
    public static string Format(string format, object? values, Budget budget)
    {
        (StringBuilder? result, int at, int used) = (new StringBuilder(), 0, 0);
        budget.Make(format.Length);
        object?[] positional = values is PythonTuple tuple ? tuple.Items : [values];
        while (at < format.Length)
        {
            int percent = format.IndexOf('%', at);
            result.Append(format, at, (percent < 0 ? format.Length : percent) - at);
            if (percent < 0)
            {
                break;
            }

            at = percent + 1;
            if (at < format.Length && format[at] == '%')
            {
                result.Append('%');
                at++;
                continue;
            }

            object? named = null;
            bool hasName = at < format.Length && format[at] == '(';
            if (hasName)
            {
                int end = format.IndexOf(')', at);
                PythonDict dict = values as PythonDict ?? throw new TemplateFault("format requires a mapping");
                string name = end < 0 ? throw new TemplateFault("incomplete format key") : format[(at + 1)..end];
                named = dict.TryGet(name, out object? found)
                    ? found
                    : throw new TemplateFault($"KeyError: {PythonText.Repr(name, budget)}");
                at = end + 1;
            }

            var spec = new FormatSpec();
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

            int width = Number();
            // A width given by * can be negative, which aligns left; -1 means that there is none.
            spec = width < -1 ? spec with { Width = -width, Align = '<' } : spec with { Width = width };
            if (at < format.Length && format[at] == '.')
            {
                at++;
                spec = spec with { Precision = Math.Max(0, Number()) };
            }

            for (; at < format.Length && format[at] is 'h' or 'l' or 'L'; at++) { }

            if (at == format.Length)
            {
                throw new TemplateFault("incomplete format");
            }

            char kind = format[at++];
            string text = Convert(kind, hasName ? named : Next(), spec, budget);
            budget.Make(text.Length);
            result.Append(text);

            int Number()
            {
                if (at < format.Length && format[at] == '*')
                {
                    at++;
                    BigInteger star = PythonNumbers.AsInteger(Next()) ?? throw new TemplateFault("* wants int");
                    return BigInteger.Abs(star) <= int.MaxValue
                        ? (int)star
                        : throw new TemplateFault("Python int too large to convert to C int");
                }

                int start = at;
                while (at < format.Length && char.IsAsciiDigit(format[at]))
                {
                    at++;
                }

                return FormatSpec.Count(format[start..at]);
            }
        }

        return used < positional.Length && values is not (PythonDict or PythonList or PythonRange or Undefined)
            ? throw new TemplateFault("not all arguments converted during string formatting")
            : result.ToString();

        object? Next() => used < positional.Length ? positional[used++] : throw new TemplateFault("not enough arguments for format string");
    }

    private static string Convert(char kind, object? value, FormatSpec spec, Budget budget)
    {
        bool zeros = spec.Zero && spec.Align != '<' && kind is not ('s' or 'r' or 'a' or 'c');
        if (spec.Align != '<')
        {
            spec = spec with { Align = zeros ? '=' : '>' };
        }

        spec = spec with { Fill = zeros ? "0" : " " };
        switch (kind)
        {
            case 's' or 'r' or 'a':
                string text = kind switch
                {
                    's' => PythonText.Str(value, budget),
                    'r' => PythonText.Repr(value, budget),
                    _ => PythonText.Ascii(value, budget),
                };
                return PythonNumberFormat.Pad(
                    spec.Precision >= 0
                        ? PythonText.Part(text, 0, Math.Min(spec.Precision, PythonText.Length(text, budget)), budget)
                        : text,
                    spec,
                    budget
                );
            case 'c':
                return PythonNumberFormat.Pad(Character(value, budget), spec, budget);
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                BigInteger whole = PythonNumbers.AsInteger(value)
                    ?? (
                        value is double real && kind is 'd' or 'i' or 'u'
                            ? new BigInteger(Math.Truncate(Finite((double)value!)))
                            : throw Wrong(kind, value)
                    );
                return PythonNumberFormat.Whole(whole, kind is 'i' or 'u' ? 'd' : kind, spec, spec.Precision, budget);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return PythonNumberFormat.Real(
                    PythonNumbers.AsDouble(value) ?? throw Wrong(kind, value),
                    kind,
                    spec with
                    {
                        Precision = spec.Precision < 0 ? 6 : spec.Precision,
                    },
                    budget
                );
            default:
                throw new TemplateFault($"unsupported format character '{kind}'");
        }
    }

    private static string Character(object? value, Budget budget)
    {
        if (PythonNumbers.AsInteger(value) is { } point)
        {
            return PythonNumberFormat.Character(point);
        }

        return PythonText.AsText(value) is { } one && PythonText.Length(one, budget) == 1
            ? one
            : throw new TemplateFault("%c requires int or char");
    }

    private static TemplateFault Wrong(char kind, object? value) =>
        (value as Undefined)?.Fail() ?? new TemplateFault($"%{kind} format: a number is required, not {PythonText.TypeName(value)}");

    private static double Finite(double value) =>
        double.IsFinite(value) ? value : throw new TemplateFault("cannot convert float infinity or NaN to integer");
}
