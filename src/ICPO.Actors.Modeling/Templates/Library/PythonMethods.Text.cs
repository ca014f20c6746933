using System.Globalization;
using System.Numerics;

namespace ICPO.Actors.Modeling;

/// <summary>What the methods of Python's text do.</summary>
internal static partial class PythonMethods
{
    public static string Strip(string text, string? chars, bool start, bool end)
    {
        if (chars is null)
        {
            text = end ? PythonText.TrimEnd(text) : text;
            return start ? PythonText.TrimStart(text) : text;
        }

        var set = PythonText.CodePoints(chars).ToHashSet();
        int[] points = PythonText.CodePoints(text).ToArray();
        var (from, to) = (0, points.Length);
        while (start && from < to && set.Contains(points[from]))
        {
            from++;
        }

        while (end && to > from && set.Contains(points[to - 1]))
        {
            to--;
        }

        return PythonText.Part(text, from, to);
    }

    public static string Replace(string text, string old, string replacement, int count, Budget budget)
    {
        var parts = new List<string>();
        int at = 0;
        if (old.Length == 0)
        {
            string[] characters = [.. PythonText.Characters(text)];
            int inserts = count < 0 ? characters.Length + 1 : Math.Min(count, characters.Length + 1);
            budget.Make(text.Length + ((long)inserts * replacement.Length));
            return string.Concat(characters.Select((c, i) => (i < inserts ? replacement : "") + c)) + (inserts > characters.Length ? replacement : "");
        }

        while (count != 0 && text.IndexOf(old, at, StringComparison.Ordinal) is >= 0 and var next)
        {
            parts.Add(text[at..next]);
            at = next + old.Length;
            count--;
        }

        parts.Add(text[at..]);
        budget.Make(parts.Sum(p => (long)p.Length) + ((parts.Count - 1L) * replacement.Length));
        return string.Join(replacement, parts);
    }

    public static string Join(string separator, IEnumerable<object?> items, Budget budget, bool convert = false)
    {
        var parts = new List<string>();
        foreach (object? item in items)
        {
            budget.Step();
            string part = convert ? PythonText.Str(item)
                : PythonText.AsText(item) ?? throw new TemplateFault($"sequence item {parts.Count}: expected str instance, {PythonText.TypeName(item)} found");
            budget.Make(part.Length + separator.Length);
            parts.Add(part);
        }

        return string.Join(separator, parts);
    }

    public static string Center(string text, int width, char fill, Budget budget)
    {
        int missing = width - PythonText.Length(text);
        if (missing <= 0)
        {
            return text;
        }

        budget.Make(width);
        int left = (missing / 2) + (missing & width & 1);
        return new string(fill, left) + text + new string(fill, missing - left);
    }

    private static bool All(string text, Arguments arguments, Func<int, bool> holds)
    {
        None(arguments, null);
        return text.Length > 0 && PythonText.CodePoints(text).All(holds);
    }

    private static bool IsLetter(int point) => PythonText.Category(point) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    private const string HanNumerals = "〇一二三四五六七八九十百千万萬億亿兆零壹貳贰參叁肆伍陸陆柒捌玖拾佰仟两廿卅卌";

    private static bool IsNumeric(int point) => (point <= char.MaxValue && HanNumerals.Contains((char)point)) || CharUnicodeInfo.GetNumericValue(PythonText.FromPoint(point), 0) >= 0
        || PythonText.Category(point) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>How many runs of letters, digits and underscores there are.</summary>
    public static int Words(string text)
    {
        var (words, inside) = (0, false);
        foreach (int point in PythonText.CodePoints(text))
        {
            bool word = point == '_' || IsLetter(point) || IsNumeric(point);
            words += word && !inside ? 1 : 0;
            inside = word;
        }

        return words;
    }

    private static bool IsCase(string text, Func<int, bool> holds) =>
        PythonText.CodePoints(text).Where(PythonCasing.IsCased).ToList() is { Count: > 0 } cased && cased.All(holds);

    public static List<string> Split(string text, string? separator, int most)
    {
        var (parts, at) = (new List<string>(), 0);
        if (separator is { Length: 0 })
        {
            throw new TemplateFault("empty separator");
        }

        if (separator is null)
        {
            while (text.AsSpan(at).IndexOfAnyExcept(PythonText.SpaceValues) is >= 0 and var spaces)
            {
                at += spaces;
                int length = parts.Count == most ? -1 : text.AsSpan(at).IndexOfAny(PythonText.SpaceValues);
                int end = length < 0 ? text.Length : at + length;
                parts.Add(text[at..end]);
                at = end;
            }

            return parts;
        }

        while (parts.Count != most && text.IndexOf(separator, at, StringComparison.Ordinal) is >= 0 and var next)
        {
            parts.Add(text[at..next]);
            at = next + separator.Length;
        }

        parts.Add(text[at..]);
        return parts;
    }

    private static List<string> SplitEnd(string text, string? separator, int most)
    {
        if (most < 0)
        {
            return Split(text, separator, most);
        }

        var (parts, end) = (new List<string>(), text.Length);
        if (separator is null)
        {
            while (text.AsSpan(0, end).LastIndexOfAnyExcept(PythonText.SpaceValues) is >= 0 and var last)
            {
                int start = parts.Count == most ? 0 : text.AsSpan(0, last).LastIndexOfAny(PythonText.SpaceValues) + 1;
                parts.Add(text[start..(last + 1)]);
                end = start;
            }
        }
        else if (separator.Length == 0)
        {
            throw new TemplateFault("empty separator");
        }
        else
        {
            while (parts.Count != most && text.AsSpan(0, end).LastIndexOf(separator) is >= 0 and var at)
            {
                parts.Add(text[(at + separator.Length)..end]);
                end = at;
            }

            parts.Add(text[..end]);
        }

        parts.Reverse();
        return parts;
    }

    private static PythonTuple Partition(string text, string separator, Func<string, StringComparison, int> find)
    {
        if (separator.Length == 0)
        {
            throw new TemplateFault("empty separator");
        }

        int at = find(separator, StringComparison.Ordinal);
        return at >= 0 ? new([text[..at], separator, text[(at + separator.Length)..]])
            : find.Method.Name.StartsWith("Last", StringComparison.Ordinal) ? new(["", "", text])
            : new([text, "", ""]);
    }

    private static bool Affix(string text, Arguments arguments, string name, Func<string, string, bool> holds)
    {
        var bound = arguments.Bind(name, 1, "affix", "start", "end");
        string? part = Range(text, bound, out _);
        return bound[0] is PythonTuple tuple
            ? tuple.Items.Any(i => Holds(PythonText.AsText(i) ?? throw new TemplateFault($"tuple for {name} must only contain str, not {PythonText.TypeName(i)}")))
            : Holds(PythonText.AsText(bound[0]) ?? throw new TemplateFault($"{name} first arg must be str or a tuple of str, not {PythonText.TypeName(bound[0])}"));

        bool Holds(string affix) => part is not null && holds(part, affix);
    }

    /// <summary>text[start:end]; null where start lies beyond the end of the text.</summary>
    private static string? Range(string text, Arguments.Bound bound, out int from)
    {
        int length = PythonText.Length(text);
        int start = bound[1] is null ? 0 : bound.Integer(1, 0);
        from = Place(start, length);
        int to = Place(bound[2] is null ? length : bound.Integer(2, length), length);
        return start > length ? null : from > to ? "" : PythonText.Part(text, from, to);
    }

    /// <summary>Where an index points: from the end if negative, and never outside.</summary>
    private static int Place(int index, int length) => Math.Clamp(index < 0 ? index + length : index, 0, length);

    private static int Find(string text, Arguments arguments, string name, bool last)
    {
        var bound = arguments.Bind(name, 1, "sub", "start", "end");
        string? part = Range(text, bound, out int from);
        string wanted = bound.Text(0)!;
        int at = part is null ? -1 : last ? part.LastIndexOf(wanted, StringComparison.Ordinal) : part.IndexOf(wanted, StringComparison.Ordinal);
        return at < 0 ? -1 : from + PythonText.Length(part![..at]);
    }

    private static BigInteger Count(string text, Arguments arguments)
    {
        var bound = arguments.Bind("count", 1, "sub", "start", "end");
        var (part, wanted) = (Range(text, bound, out _), bound.Text(0)!);
        return new BigInteger(part is null ? 0 : wanted.Length == 0 ? PythonText.Length(part) + 1 : Split(part, wanted, -1).Count - 1);
    }

    private static string Justify(string text, Arguments arguments, string name, Budget budget)
    {
        var bound = arguments.Bind(name, 1, "width", "fillchar");
        var (width, fill) = (bound.Integer(0, 0), bound.Text(1) ?? " ");
        if (fill.Length != 1)
        {
            throw new TemplateFault("The fill character must be exactly one character long");
        }

        return name == "center" ? Center(text, width, fill[0], budget)
            : name == "rjust" ? Fill(text, width, fill[0], budget)
            : text + Fill("", width - PythonText.Length(text), fill[0], budget);
    }

    private static string Fill(string text, int width, char fill, Budget budget)
    {
        int missing = Math.Max(0, width - PythonText.Length(text));
        budget.Make(missing);
        return new string(fill, missing) + text;
    }

    private static string ExpandTabs(string text, int size, Budget budget)
    {
        var (result, column) = (new System.Text.StringBuilder(), 0);
        foreach (char c in text)
        {
            if (c == '\t')
            {
                int spaces = size > 0 ? size - (column % size) : 0;
                budget.Make(spaces);
                result.Append(' ', spaces);
                column += spaces;
            }
            else
            {
                result.Append(c);
                column = c is '\n' or '\r' ? 0 : column + 1;
            }
        }

        return result.ToString();
    }
}
