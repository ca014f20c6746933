using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace ICPO.Actors.Modeling;

/// <summary>str() and repr() of values, and text by code points.</summary>
internal static class PythonText
{
    /// <summary>The characters that Python's str.isspace() and strip() take for white space.</summary>
    public static readonly SearchValues<char> SpaceValues = SearchValues.Create(
        "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000");

    public static bool IsSpace(char c) => SpaceValues.Contains(c);

    public static string TrimEnd(string text) => text[..(text.AsSpan().LastIndexOfAnyExcept(SpaceValues) + 1)];

    public static string TrimStart(string text) => text.AsSpan().IndexOfAnyExcept(SpaceValues) is >= 0 and var start ? text[start..] : "";

    /// <summary>The text of a str; null for anything else.</summary>
    public static string? AsText(object? value) => value as string ?? (value as Markup)?.Value;

    public static string Str(object? value) => AsText(value) ?? (value is Undefined ? "" : Repr(value));

    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        PythonList => "list",
        PythonTuple => "tuple",
        PythonDict => "dict",
        DictView v => "dict_" + v.Kind,
        PythonRange => "range",
        PythonIterator => "generator",
        Undefined => "Undefined",
        TemplateNamespace => "Namespace",
        Macro => "Macro",
        LoopState => "LoopContext",
        Function => "function",
        _ => value.GetType().Name,
    };

    public static string Repr(object? value)
    {
        var into = new StringBuilder();
        Repr(value, into);
        return into.ToString();
    }

    /// <summary>ascii(): repr() with everything beyond ASCII escaped.</summary>
    public static string Ascii(object? value) => string.Concat(CodePoints(Repr(value)).Select(point => point < 0x80 ? ((char)point).ToString() : Escape(point)));

    private static void Repr(object? value, StringBuilder into)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateFault("values nest too deeply to be printed");
        }

        switch (value)
        {
            case null:
                into.Append("None");
                break;
            case bool b:
                into.Append(b ? "True" : "False");
                break;
            case BigInteger i:
                into.Append(PythonNumbers.Text(i));
                break;
            case double d:
                into.Append(PythonNumbers.Text(d));
                break;
            case string s:
                TemplateRenderer.Charge(s.Length);
                Quote(s, into);
                break;
            case Markup m:
                into.Append("Markup(");
                Quote(m.Value, into);
                into.Append(')');
                break;
            case PythonList list:
                Join(list.Items, "[", "]", into);
                break;
            case PythonTuple tuple:
                Join(tuple.Items, "(", tuple.Items.Length == 1 ? ",)" : ")", into);
                break;
            case PythonDict dict:
                string separator = "{";
                TemplateRenderer.Charge(dict.Count);
                foreach (var (key, item) in dict.Entries)
                {
                    into.Append(separator);
                    Repr(key, into);
                    into.Append(": ");
                    Repr(item, into);
                    separator = ", ";
                }

                into.Append(dict.Count == 0 ? "{}" : "}");
                break;
            case DictView view:
                into.Append("dict_").Append(view.Kind);
                Join([.. view.Items], "([", "])", into);
                break;
            case PythonRange range:
                into.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}{(range.Step.IsOne ? "" : $", {range.Step}")})");
                break;
            case Undefined:
                into.Append("Undefined");
                break;
            case TemplateNamespace space:
                into.Append("<Namespace ");
                Repr(space.Attributes, into);
                into.Append('>');
                break;
            case Macro macro:
                into.Append(macro.Identifier is null ? "<Macro anonymous>" : $"<Macro {Repr(macro.Identifier)}>");
                break;
            case LoopState loop:
                into.Append(CultureInfo.InvariantCulture, $"<LoopContext {loop.Index0 + 1}/{loop.Length}>");
                break;
            default:
                // Python would print an address, which is never the same twice.
                throw new TemplateFault($"printing a '{TypeName(value)}' object is not supported: turn it into a list or call it");
        }
    }

    private static void Join(object?[] items, string open, string close, StringBuilder into)
    {
        TemplateRenderer.Charge(items.Length);
        into.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            into.Append(i == 0 ? "" : ", ");
            Repr(items[i], into);
        }

        into.Append(close);
    }

    private static void Quote(string text, StringBuilder into)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        into.Append(quote);
        foreach (int point in CodePoints(text))
        {
            into.Append(point switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when point == quote => "\\" + quote,
                _ => IsPrintable(point) ? FromPoint(point) : Escape(point),
            });
        }

        into.Append(quote);
    }

    private static string Escape(int point) => point switch
    {
        < 0x100 => $"\\x{point:x2}",
        < 0x10000 => $"\\u{point:x4}",
        _ => $"\\U{point:x8}",
    };

    public static bool IsPrintable(int point) => point == ' ' || Category(point) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    public static UnicodeCategory Category(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    /// <summary>Code points; half a surrogate pair counts as one.</summary>
    public static IEnumerable<int> CodePoints(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                yield return char.ConvertToUtf32(text[i], text[++i]);
            }
            else
            {
                yield return text[i];
            }
        }
    }

    public static IEnumerable<string> Characters(string text) => CodePoints(text).Select(FromPoint);

    public static string FromPoint(int point) => point < 0x10000 ? ((char)point).ToString() : char.ConvertFromUtf32(point);

    /// <summary>Length in code points.</summary>
    public static int Length(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? CodePoints(text).Count() : text.Length;

    /// <summary>Where the n-th code point begins.</summary>
    public static int Offset(string text, int points)
    {
        int at = 0;
        for (; points > 0 && at < text.Length; points--)
        {
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        }

        return at;
    }

    /// <summary>Part of a text, by code points.</summary>
    public static string Part(string text, int start, int end)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text[start..Math.Max(start, end)];
        }

        int from = Offset(text, start);
        return text[from..(from + Offset(text[from..], end - start))];
    }

    /// <summary>One newline convention's worth of lines, by all of Python's line ends.</summary>
    public static List<string> Lines(string text, bool keepEnds = false)
    {
        var (lines, start) = (new List<string>(), 0);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029')
            {
                int next = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? i + 2 : i + 1;
                lines.Add(text[start..(keepEnds ? next : i)]);
                (start, i) = (next, next - 1);
            }
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines;
    }
}
