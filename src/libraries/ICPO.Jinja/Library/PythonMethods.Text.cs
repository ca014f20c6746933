using System.Globalization;
using System.Numerics;
using System.Text;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Implementations of the methods of str.</summary>
internal static partial class PythonMethods
{
    public static string Strip(string text, string? chars, bool start, bool end, Budget budget)
    {
        if (chars is null)
        {
            text = end ? PythonText.TrimEnd(text) : text;
            return start ? PythonText.TrimStart(text) : text;
        }

        var set = PythonText.CodePoints(chars, budget).ToHashSet();
        (int from, int to) = (0, text.Length);
        while (start && from < to && PythonText.PointAt(text, from) is var first && set.Contains(first))
        {
            from += PythonText.Size(first);
        }

        while (end && to > from && PythonText.PointBefore(text, to) is var last && set.Contains(last))
        {
            to -= PythonText.Size(last);
        }

        return text[from..to];
    }

    public static string Replace(string text, string old, string replacement, int count, Budget budget)
    {
        int at = 0;
        var result = new StringBuilder();
        while (count != 0 && TextSearch.First(text, old, at, budget) is >= 0 and var next)
        {
            Append(text.AsSpan(at, next - at));
            Append(replacement);
            at = next + old.Length;
            count--;
            if (old.Length == 0)
            {
                // The empty string occurs before every character and at the end.
                count = at == text.Length ? 0 : count;
                next = at < text.Length ? at + PythonText.Size(PythonText.PointAt(text, at)) : at;
                Append(text.AsSpan(at, next - at));
                at = next;
            }
        }

        if (result.Length == 0 && at == 0)
        {
            return text;
        }

        Append(text.AsSpan(at));
        return result.ToString();

        void Append(ReadOnlySpan<char> piece)
        {
            budget.Make(piece.Length);
            result.Append(piece);
        }
    }

    public static string Join(string separator, IEnumerable<object?> items, Budget budget, bool convert = false)
    {
        (StringBuilder? result, int count) = (new StringBuilder(), 0);
        foreach (object? item in items)
        {
            budget.Step();
            string part = convert
                ? PythonText.Str(item, budget)
                : PythonText.AsText(item)
                    ?? throw new TemplateFault($"sequence item {count}: expected str instance, {PythonText.TypeName(item)} found");
            // Once in the builder and once in its result.
            budget.Make(2L * (part.Length + separator.Length));
            result.Append(count++ == 0 ? "" : separator).Append(part);
        }

        return result.ToString();
    }

    public static string Center(string text, int width, char fill, Budget budget)
    {
        int length = PythonText.Length(text, budget);
        if (width <= length)
        {
            return text;
        }

        budget.Make(width);
        int missing = width - length;
        int left = (missing / 2) + (missing & width & 1);
        return new string(fill, left) + text + new string(fill, missing - left);
    }

    private static bool All(string text, Arguments arguments, Func<int, bool> holds)
    {
        None(arguments, null);
        return text.Length > 0 && PythonText.CodePoints(text, arguments.Budget).All(holds);
    }

    private static bool IsLetter(int point) =>
        PythonText.Category(point)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter;

    private const string HanNumerals = "〇一二三四五六七八九十百千万萬億亿兆零壹貳贰參叁肆伍陸陆柒捌玖拾佰仟两廿卅卌";

    private static bool IsNumeric(int point) =>
        (point <= char.MaxValue && HanNumerals.Contains((char)point))
        || CharUnicodeInfo.GetNumericValue(PythonText.FromPoint(point), 0) >= 0
        || PythonText.Category(point) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Number of runs of letters, digits and underscores.</summary>
    public static int Words(string text, Budget budget)
    {
        (int words, bool inside) = (0, false);
        foreach (int point in PythonText.CodePoints(text, budget))
        {
            bool word = point == '_' || IsLetter(point) || IsNumeric(point);
            words += word && !inside ? 1 : 0;
            inside = word;
        }

        return words;
    }

    /// <summary>Whether a text has cased letters, and all of them have this case.</summary>
    public static bool IsCase(string text, Func<int, bool> holds, Budget budget)
    {
        bool any = false;
        foreach (int point in PythonText.CodePoints(text, budget).Where(PythonCasing.IsCased))
        {
            if (!holds(point))
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    private static bool Affix(string text, Arguments arguments, string name, Func<string, string, bool> holds)
    {
        Arguments.Bound bound = arguments.Bind(name, 1, "affix", "start", "end");
        string? part = Range(text, bound, arguments.Budget, out _);
        return bound[0] is PythonTuple tuple
            ? tuple.Items.Any(i =>
                Holds(
                    PythonText.AsText(i) ?? throw new TemplateFault($"tuple for {name} must only contain str, not {PythonText.TypeName(i)}")
                )
            )
            : Holds(
                PythonText.AsText(bound[0])
                    ?? throw new TemplateFault($"{name} first arg must be str or a tuple of str, not {PythonText.TypeName(bound[0])}")
            );

        bool Holds(string affix) => part is not null && holds(part, affix);
    }

    /// <summary>text[start:end]; null if start is beyond the end of the text.</summary>
    private static string? Range(string text, Arguments.Bound bound, Budget budget, out int from)
    {
        int length = PythonText.Length(text, budget);
        int start = bound[1] is null ? 0 : bound.Integer(1, 0);
        from = Place(start, length);
        int to = Place(bound[2] is null ? length : bound.Integer(2, length), length);
        if (start > length)
        {
            return null;
        }

        if (from > to)
        {
            return "";
        }

        return PythonText.Part(text, from, to, budget);
    }

    /// <summary>An index clamped to the length; negative ones count from the end.</summary>
    private static int Place(int index, int length) => Math.Clamp(index < 0 ? index + length : index, 0, length);

    private static int Find(string text, Arguments arguments, string name, bool last)
    {
        Arguments.Bound bound = arguments.Bind(name, 1, "sub", "start", "end");
        string? part = Range(text, bound, arguments.Budget, out int from);
        string wanted = bound.Text(0)!;
        if (part is null)
        {
            return -1;
        }

        int at = last ? TextSearch.Last(part, wanted, part.Length, arguments.Budget) : TextSearch.First(part, wanted, 0, arguments.Budget);
        return at < 0 ? -1 : from + PythonText.Length(part.AsSpan(0, at), arguments.Budget);
    }

    private static BigInteger Count(string text, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("count", 1, "sub", "start", "end");
        (string? part, string? wanted) = (Range(text, bound, arguments.Budget, out _), bound.Text(0)!);
        if (part is null || wanted.Length == 0)
        {
            return part is null ? 0 : PythonText.Length(part, arguments.Budget) + 1;
        }

        int count = 0;
        for (int at = 0; TextSearch.First(part, wanted, at, arguments.Budget) is >= 0 and var next; at = next + wanted.Length)
        {
            count++;
        }

        return count;
    }

    private static string Justify(string text, Arguments arguments, string name)
    {
        Arguments.Bound bound = arguments.Bind(name, 1, "width", "fillchar");
        (int width, string? fill) = (bound.Integer(0, 0), bound.Text(1) ?? " ");
        if (fill.Length != 1)
        {
            throw new TemplateFault("The fill character must be exactly one character long");
        }

        return name switch
        {
            "center" => Center(text, width, fill[0], arguments.Budget),
            "rjust" => Fill(text, width, fill[0], arguments.Budget),
            _ => Fill(text, width, fill[0], arguments.Budget, after: true),
        };
    }

    private static string Fill(string text, int width, char fill, Budget budget, bool after = false)
    {
        int length = PythonText.Length(text, budget);
        if (width <= length)
        {
            return text;
        }

        budget.Make(width);
        string filling = new string(fill, width - length);
        return after ? text + filling : filling + text;
    }

    private static string ExpandTabs(string text, int size, Budget budget)
    {
        (StringBuilder? result, int column) = (new StringBuilder(), 0);
        budget.Make(text.Length);
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
