using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>Python's str.format: <c>'{:>8}'.format(x)</c>.</summary>
/// <param name="arguments">The values that the fields refer to.</param>
/// <param name="attribute">Reads an attribute of a value as the sandbox does.</param>
/// <param name="item">Reads an item of a value.</param>
/// <param name="budget">What the work counts against.</param>
internal sealed class BracesFormat(
    Arguments arguments,
    Func<object?, string, Budget, object?> attribute,
    Func<object?, object?, Budget, object?> item,
    Budget budget
)
{
    /// <summary>Maximum nesting of fields in format specifications.</summary>
    private const int MaxDepth = 2;

    /// <summary>The number of the next field without one; null after a numbered field.</summary>
    private int? _automatic = 0;

    /// <summary>format.format(…): fields by position, by name, with attributes, items, conversion and nested specs.</summary>
    public static string Format(
        string format,
        Arguments arguments,
        Func<object?, string, Budget, object?> attribute,
        Func<object?, object?, Budget, object?> item,
        Budget budget
    ) => new BracesFormat(arguments, attribute, item, budget).Fill(format, 0);

    private string Fill(string text, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new TemplateFault("Max string recursion exceeded");
        }

        budget.Make(text.Length);
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                result.Append(c);
                i++;
            }
            else if (c is '}' || (c is '{' && i + 1 == text.Length))
            {
                throw new TemplateFault($"Single '{c}' encountered in format string");
            }
            else if (c == '{')
            {
                string field = Field(text, depth, ref i);
                budget.Make(field.Length);
                result.Append(field);
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    /// <summary>Formats one field; advances from its opening brace to its closing one.</summary>
    private string Field(string text, int depth, ref int at)
    {
        int start = ++at;
        while (at < text.Length && text[at] is not ('}' or ':' or '!'))
        {
            if (text[at] == '{')
            {
                throw new TemplateFault("unexpected '{' in field name");
            }

            at = text[at] == '[' && Closing(text, at, budget) is >= 0 and var close ? close + 1 : at + 1;
        }

        string name = text[start..at];
        char conversion = '\0';
        if (At(at) == '!')
        {
            conversion = At(at + 1);
            at += 2;
            if (At(at) is not (':' or '}'))
            {
                throw new TemplateFault("expected ':' after conversion specifier");
            }
        }

        string spec = "";
        if (At(at) == ':')
        {
            start = ++at;
            for (int open = 1; ; at++)
            {
                open += At(at) switch
                {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                if (open == 0)
                {
                    break;
                }
            }

            spec = text[start..at];
        }

        At(at);
        object? value = Value(name);
        value = conversion switch
        {
            '\0' => value,
            's' => PythonText.Str(value, budget),
            'r' => PythonText.Repr(value, budget),
            'a' => PythonText.Ascii(value, budget),
            _ => throw new TemplateFault($"Unknown conversion specifier {conversion}"),
        };
        return ValueFormat.Format(value, Fill(spec, depth + 1), budget);

        char At(int place) => place < text.Length ? text[place] : throw new TemplateFault("expected '}' before end of string");
    }

    private static int Closing(string text, int from, Budget budget)
    {
        budget.Scan(text.Length - from);
        return text.IndexOf(']', from);
    }

    private object? Value(string name)
    {
        budget.Step(1 + arguments.Named.Count);
        if (name.Length == 0 || IsNumber(name))
        {
            if (name.Length == 0 ? _automatic is null : _automatic > 0)
            {
                throw new TemplateFault("cannot switch from manual field specification to automatic field numbering");
            }

            name = name.Length == 0 ? $"{_automatic++}" : name;
            _automatic = _automatic > 0 ? _automatic : null;
        }

        int end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var cut ? cut : name.Length;
        string first = name[..end];
        object? value = IsNumber(first) ? Positional(FormatSpec.Count(first)) : Named(first);
        while (end < name.Length)
        {
            bool open = name[end] == '[';
            if (!open && name[end] != '.')
            {
                throw new TemplateFault("Only '.' or '[' may follow ']' in format field specifier");
            }

            int start = ++end;
            int length = open ? name.AsSpan(start).IndexOf(']') : name.AsSpan(start).IndexOfAny('.', '[');
            if (open && length < 0)
            {
                throw new TemplateFault("Missing ']' in format string");
            }

            end = length < 0 ? name.Length : start + length;

            string key = end > start ? name[start..end] : throw new TemplateFault("Empty attribute in format string");
            value = open ? item(value, IsNumber(key) ? new BigInteger(FormatSpec.Count(key)) : key, budget) : attribute(value, key, budget);
            end += open ? 1 : 0;
        }

        return value;
    }

    private object? Positional(int index) =>
        index < arguments.Positional.Count
            ? arguments.Positional[index]
            : throw new TemplateFault($"Replacement index {index} out of range for positional args tuple");

    private object? Named(string name)
    {
        foreach ((string key, object? value) in arguments.Named)
        {
            if (key == name)
            {
                return value;
            }
        }

        throw new TemplateFault($"KeyError: {PythonText.Repr(name, budget)}");
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
