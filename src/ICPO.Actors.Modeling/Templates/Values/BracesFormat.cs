using System.Numerics;
using System.Text;

namespace ICPO.Actors.Modeling;

/// <summary>Python's newer way of formatting: <c>'{:>8}'.format(x)</c>.</summary>
internal static class BracesFormat
{
    /// <summary>format.format(…): fields by position, by name, with attributes, items, conversion and nested specs.</summary>
    /// <param name="format">The text with fields.</param>
    /// <param name="arguments">What the fields name.</param>
    /// <param name="attribute">How an attribute of a value is read; the sandbox's way.</param>
    /// <param name="item">How an item is read.</param>
    /// <param name="budget">What may be made.</param>
    public static string Format(string format, Arguments arguments, Func<object?, string, object?> attribute, Func<object?, object?, object?> item, Budget budget)
    {
        int automatic = 0;
        return Fill(format, 2);

        string Fill(string text, int depth)
        {
            if (depth < 0)
            {
                throw new TemplateFault("Max string recursion exceeded");
            }

            var result = new StringBuilder();
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
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
                    int end = End(text, i);
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
            int colon = Colon(field);
            var (name, spec) = colon < 0 ? (field, "") : (field[..colon], Fill(field[(colon + 1)..], depth - 1));
            int conversion = name.LastIndexOf('!');
            string convert = conversion >= 0 ? name[(conversion + 1)..] : "";
            name = conversion >= 0 ? name[..conversion] : name;
            object? value = Value(name);
            value = convert switch
            {
                "" => value,
                "s" => PythonText.Str(value),
                "r" or "a" => PythonText.Repr(value),
                _ => throw new TemplateFault($"Unknown conversion specifier '{convert}'"),
            };
            return One(value, spec);
        }

        object? Value(string name)
        {
            int end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var cut ? cut : name.Length;
            string first = name[..end];
            object? value = first.Length == 0 || first.All(char.IsAsciiDigit)
                ? (first.Length == 0 ? automatic++ : FormatSpec.Count(first)) is var index && index < arguments.Positional.Count
                    ? arguments.Positional[index]
                    : throw new TemplateFault($"Replacement index {index} out of range for positional args tuple")
                : arguments.Named.Any(n => n.Key == first) ? arguments.Named.First(n => n.Key == first).Value
                : throw new TemplateFault($"KeyError: {PythonText.Repr(first)}");
            while (end < name.Length)
            {
                bool open = name[end] == '[';
                int start = ++end;
                end = open ? name.IndexOf(']', start) : name.AsSpan(start).IndexOfAny('.', '[') is >= 0 and var next ? start + next : name.Length;
                if (end < 0)
                {
                    throw new TemplateFault("Missing ']' in format string");
                }

                string key = name[start..end];
                value = open ? item(value, key.All(char.IsAsciiDigit) ? new BigInteger(FormatSpec.Count(key)) : key) : attribute(value, key);
                end += open ? 1 : 0;
            }

            return value;
        }
    }

    private static int End(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
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
        int depth = 0;
        for (int i = 0; i < field.Length; i++)
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
    private static string One(object? value, string text)
    {
        if (text.Length == 0)
        {
            return PythonText.Str(value);
        }

        var spec = FormatSpec.Parse(text);
        bool number = value is bool or BigInteger or double;
        spec = spec with { Align = spec.Align == '\0' ? (number ? '>' : '<') : spec.Align };
        if (number && spec.Kind != 's')
        {
            if (spec.Kind == 'c')
            {
                return PythonNumberFormat.Pad(PythonNumberFormat.Character(PythonNumbers.AsInteger(value)!.Value), spec);
            }

            if (value is not double && spec.Kind is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b')
            {
                return spec.Kind == '\0' && value is bool b && spec.Width < 0 && !spec.Zero
                    ? PythonText.Str(b)
                    : spec.Precision >= 0 ? throw new TemplateFault("Precision not allowed in integer format specifier")
                    : PythonNumberFormat.Whole(PythonNumbers.AsInteger(value)!.Value, spec.Kind is '\0' or 'n' ? 'd' : spec.Kind, spec, -1);
            }

            if (spec.Kind is '\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%')
            {
                double real = PythonNumbers.AsDouble(value)!.Value;
                return spec.Kind == '\0' && spec.Precision < 0
                    ? PythonNumberFormat.PadNumber(PythonNumberFormat.Signed(real, spec), PythonNumberFormat.Group(PythonNumbers.Text(Math.Abs(real)), spec, 3), "", spec)
                    : PythonNumberFormat.Real(real, spec.Kind, spec with { Precision = spec.Precision < 0 ? 6 : spec.Precision });
            }
        }
        else if (PythonText.AsText(value) is { } s && spec.Kind is '\0' or 's')
        {
            return PythonNumberFormat.Pad(spec.Precision >= 0 ? PythonText.Part(s, 0, Math.Min(spec.Precision, PythonText.Length(s))) : s, spec);
        }

        throw new TemplateFault(number || PythonText.AsText(value) is not null
            ? $"Unknown format code '{spec.Kind}' for object of type '{PythonText.TypeName(value)}'"
            : $"unsupported format string passed to {PythonText.TypeName(value)}.__format__");
    }
}
