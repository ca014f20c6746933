using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>str() of values, and text by code points.</summary>
internal static partial class PythonText
{
    /// <summary>The white space of Python's str.isspace() and strip().</summary>
    public const string Spaces =
        "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        + "\u2028\u2029\u202f\u205f\u3000";

    public static readonly SearchValues<char> SpaceValues = SearchValues.Create(Spaces);

    /// <summary>The characters of which most texts consist, so that going through one allocates nothing.</summary>
    private static readonly string[] Latin = [.. Enumerable.Range(0, 0x250).Select(point => ((char)point).ToString())];

    public static bool IsSpace(char c) => SpaceValues.Contains(c);

    public static string TrimEnd(string text) => text[..(text.AsSpan().LastIndexOfAnyExcept(SpaceValues) + 1)];

    public static string TrimStart(string text) => text.AsSpan().IndexOfAnyExcept(SpaceValues) is >= 0 and var start ? text[start..] : "";

    /// <summary>The text of a str; null for other values.</summary>
    public static string? AsText(object? value) => value as string ?? (value as Markup)?.Value;

    public static string Str(object? value, Budget budget) => AsText(value) ?? (value is Undefined ? "" : Repr(value, budget));

    public static string TypeName(object? value) =>
        value switch
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
            IMacro => "Macro",
            LoopState => "LoopContext",
            Function => "function",
            _ => value.GetType().Name,
        };

    public static bool IsPrintable(int point) =>
        point == ' '
        || Category(point)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );

    public static UnicodeCategory Category(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    /// <summary>Code points; half a surrogate pair counts as one.</summary>
    public static IEnumerable<int> CodePoints(string text, Budget budget)
    {
        budget.Scan(text.Length, perStep: 8);
        for (int i = 0; i < text.Length; i++)
        {
            int point = PointAt(text, i);
            yield return point;
            i += Size(point) - 1;
        }
    }

    /// <summary>The code point that begins at an index.</summary>
    public static int PointAt(string text, int at) => IsPair(text, at) ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];

    /// <summary>The code point that ends before an index.</summary>
    public static int PointBefore(string text, int at) => at > 1 && IsPair(text, at - 2) ? PointAt(text, at - 2) : text[at - 1];

    /// <summary>The number of UTF-16 units of a code point.</summary>
    public static int Size(int point) => point > char.MaxValue ? 2 : 1;

    private static bool IsPair(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);

    public static IEnumerable<string> Characters(string text, Budget budget) =>
        CodePoints(text, budget).Select(point => Character(point, budget));

    /// <summary>A character as text, counted.</summary>
    private static string Character(int point, Budget budget)
    {
        budget.MakeElements(point < Latin.Length ? 0 : 1);
        return FromPoint(point);
    }

    public static string FromPoint(int point)
    {
        if (point < Latin.Length)
        {
            return Latin[point];
        }

        return point <= char.MaxValue ? ((char)point).ToString() : char.ConvertFromUtf32(point);
    }

    /// <summary>Length in code points.</summary>
    public static int Length(ReadOnlySpan<char> text, Budget budget)
    {
        bool plain = IsPlain(text, budget);
        int length = text.Length;
        for (int i = 0; !plain && i < text.Length; i++)
        {
            length -= IsPair(text, i) ? 1 : 0;
        }

        return length;
    }

    /// <summary>Whether there are no surrogates, so that every UTF-16 unit is a code point.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text, Budget budget)
    {
        bool plain = !text.ContainsAnyInRange('\uD800', '\uDFFF');
        budget.Scan(text.Length, perStep: plain ? 2048 : 64);
        return plain;
    }

    /// <summary>The index at which the n-th code point begins.</summary>
    public static int Offset(ReadOnlySpan<char> text, int points)
    {
        int at = 0;
        for (; points > 0 && at < text.Length; points--)
        {
            at += IsPair(text, at) ? 2 : 1;
        }

        return at;
    }

    /// <summary>Part of a text, by code points.</summary>
    public static string Part(string text, int start, int end, Budget budget)
    {
        if (IsPlain(text, budget))
        {
            return text[start..Math.Max(start, end)];
        }

        int from = Offset(text, start);
        return text[from..(from + Offset(text.AsSpan(from), end - start))];
    }

    /// <summary>str.splitlines(): the lines of a text, by all line ends that Python knows.</summary>
    public static List<string> Lines(string text, Budget budget, bool keepEnds = false)
    {
        (List<string>? lines, int start) = (new List<string>(), 0);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029')
            {
                int next = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? i + 2 : i + 1;
                Add((keepEnds ? next : i) - start);
                (start, i) = (next, next - 1);
            }
        }

        if (start < text.Length)
        {
            Add(text.Length - start);
        }

        return lines;

        void Add(int length)
        {
            budget.MakePart(length);
            lines.Add(text.Substring(start, length));
        }
    }
}
