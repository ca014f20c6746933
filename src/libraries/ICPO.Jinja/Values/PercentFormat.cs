using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>Python's printf-style formatting: <c>'%05.2f' % x</c>.</summary>
internal sealed class PercentFormat
{
    private readonly string _format;
    private readonly object? _values;
    private readonly object?[] _positional;
    private readonly Budget _budget;
    private int _at;
    private int _used;

    private PercentFormat(string format, object? values, Budget budget)
    {
        (_format, _values, _budget) = (format, values, budget);
        _positional = values is PythonTuple tuple ? tuple.Items : [values];
    }

    /// <summary>format % values, where values is a tuple, a dict (for %(name)s) or one value.</summary>
    public static string Format(string format, object? values, Budget budget)
    {
        budget.Make(format.Length);
        return new PercentFormat(format, values, budget).Format();
    }

    private string Format()
    {
        var result = new StringBuilder();
        while (_at < _format.Length)
        {
            int percent = _format.IndexOf('%', _at);
            result.Append(_format, _at, (percent < 0 ? _format.Length : percent) - _at);
            if (percent < 0)
            {
                break;
            }

            _at = percent + 1;
            if (Takes('%'))
            {
                result.Append('%');
                continue;
            }

            string text = Field();
            _budget.Make(text.Length);
            result.Append(text);
        }

        return _used < _positional.Length && _values is not (PythonDict or PythonList or PythonRange or Undefined)
            ? throw new TemplateFault("not all arguments converted during string formatting")
            : result.ToString();
    }

    /// <summary>The field after a %, formatted.</summary>
    private string Field()
    {
        bool hasName = Takes('(');
        object? named = hasName ? Named() : null;
        FormatSpec spec = Flags();

        // A width given by * can be negative, which aligns left; -1 means that there is none.
        int width = Number();
        spec = width < -1 ? spec with { Width = -width, Align = '<' } : spec with { Width = width };
        if (Takes('.'))
        {
            spec = spec with { Precision = Math.Max(0, Number()) };
        }

        while (Takes('h') || Takes('l') || Takes('L')) { }

        if (_at == _format.Length)
        {
            throw new TemplateFault("incomplete format");
        }

        char kind = _format[_at++];
        return Convert(kind, hasName ? named : Next(), spec, _budget);
    }

    /// <summary>The value of a name, of which the parenthesis before it has been read.</summary>
    private object? Named()
    {
        int end = _format.IndexOf(')', _at);
        PythonDict dict = _values as PythonDict ?? throw new TemplateFault("format requires a mapping");
        string name = end < 0 ? throw new TemplateFault("incomplete format key") : _format[_at..end];
        _at = end + 1;
        return dict.TryGet(name, out object? found) ? found : throw new TemplateFault($"KeyError: {PythonText.Repr(name, _budget)}");
    }

    private FormatSpec Flags()
    {
        var spec = new FormatSpec();
        for (; _at < _format.Length && "#0- +".Contains(_format[_at]); _at++)
        {
            spec = _format[_at] switch
            {
                '#' => spec with { Alternate = true },
                '0' => spec with { Zero = true },
                '-' => spec with { Align = '<' },
                _ => spec with { Sign = spec.Sign == '+' ? '+' : _format[_at] },
            };
        }

        return spec;
    }

    /// <summary>Digits, or * for the next value; -1 if there is neither.</summary>
    private int Number()
    {
        if (Takes('*'))
        {
            BigInteger star = PythonNumbers.AsInteger(Next()) ?? throw new TemplateFault("* wants int");
            return BigInteger.Abs(star) <= int.MaxValue ? (int)star : throw new TemplateFault("Python int too large to convert to C int");
        }

        int start = _at;
        while (_at < _format.Length && char.IsAsciiDigit(_format[_at]))
        {
            _at++;
        }

        return FormatSpec.Count(_format[start.._at]);
    }

    private object? Next() =>
        _used < _positional.Length ? _positional[_used++] : throw new TemplateFault("not enough arguments for format string");

    private bool Takes(char c)
    {
        bool isNext = _at < _format.Length && _format[_at] == c;
        _at += isNext ? 1 : 0;
        return isNext;
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
