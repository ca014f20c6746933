using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>
/// Upper, lower and title case by Unicode's full mappings: ß becomes SS, ǆ in title case is ǅ, a final Σ is ς. .NET has only the simple
/// mappings, without those of ı and ſ.
/// </summary>
internal static class PythonCasing
{
    private static readonly Lazy<FrozenDictionary<int, (string Upper, string Title, string Lower)>> Special = new(Load);

    public static string Upper(string text, Budget budget) => Map(text, static (point, _) => Upper(point), budget);

    public static string Lower(string text, Budget budget) => Map(text, (point, at) => Lower(point, text, at), budget);

    /// <summary>str.casefold(): ignores the context of a letter; ı and the capitals of Cherokee are kept.</summary>
    public static string Fold(string text, Budget budget) => Map(text, (point, _) => Fold(point, budget), budget);

    public static string Capitalize(string text, Budget budget) =>
        Map(text, (point, at) => at == 0 ? Title(point) : Lower(point, text, at), budget);

    public static string Swap(string text, Budget budget) =>
        Map(
            text,
            (point, at) =>
                point switch
                {
                    _ when IsUpper(point) => Lower(point, text, at),
                    _ when IsLower(point) => Upper(point),
                    _ => PythonText.FromPoint(point),
                },
            budget
        );

    /// <summary>str.title(): a letter after a character without case begins a word.</summary>
    public static string TitleWords(string text, Budget budget)
    {
        bool inWord = false;
        return Map(
            text,
            (point, at) =>
            {
                string mapped = inWord ? Lower(point, text, at) : Title(point);
                inWord = IsCased(point);
                return mapped;
            },
            budget
        );
    }

    /// <summary>str.istitle(): every word begins with a capital, and there are no other capitals.</summary>
    public static bool IsTitle(string text, Budget budget)
    {
        (bool any, bool inWord) = (false, false);
        foreach (int point in PythonText.CodePoints(text, budget))
        {
            if (IsCased(point) && IsLower(point) != inWord)
            {
                return false;
            }

            inWord = IsCased(point);
            any |= inWord;
        }

        return any;
    }

    public static bool IsUpper(int point) =>
        PythonText.Category(point) == UnicodeCategory.UppercaseLetter || point is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF);

    public static bool IsLower(int point) =>
        PythonText.Category(point) == UnicodeCategory.LowercaseLetter
        || point is 0xAA or 0xBA or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9) or (>= 0x2B0 and <= 0x2B8);

    public static bool IsCased(int point) =>
        IsUpper(point) || IsLower(point) || PythonText.Category(point) == UnicodeCategory.TitlecaseLetter;

    private static string Map(string text, Func<int, int, string> map, Budget budget)
    {
        (StringBuilder? result, int at) = (new StringBuilder(text.Length), 0);
        foreach (int point in PythonText.CodePoints(text, budget))
        {
            if (HasNoCase(point))
            {
                budget.Make(1);
                result.Append((char)point);
                at++;
                continue;
            }

            string mapped = map(point, at);
            budget.Make(mapped.Length + (point < 0x80 ? 0 : Budget.CharactersPerElement));
            result.Append(mapped);
            at += PythonText.Size(point);
        }

        return result.ToString();
    }

    /// <summary>The scripts of East Asia, of which long texts consist.</summary>
    private static bool HasNoCase(int point) => point is (>= 0x3000 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3);

    private static string Fold(int point, Budget budget)
    {
        if (point == 'ı')
        {
            return "ı";
        }

        string upper = string.Concat(PythonText.CodePoints(Lower(point, "", 0), budget).Select(Upper));
        return upper is [>= '\u13A0' and <= '\u13F5']
            ? upper
            : string.Concat(PythonText.CodePoints(upper, budget).Select(p => Lower(p, "", 0)));
    }

    private static string Upper(int point)
    {
        if (point == 'ı')
        {
            return "I";
        }

        if (point == 'ſ')
        {
            return "S";
        }

        if (Special.Value.TryGetValue(point, out (string Upper, string Title, string Lower) special))
        {
            return special.Upper;
        }

        return Simple(point, Rune.ToUpperInvariant);
    }

    private static string Title(int point) =>
        Special.Value.TryGetValue(point, out (string Upper, string Title, string Lower) special) ? special.Title : Upper(point);

    private static string Lower(int point, string text, int at)
    {
        if (point == 'Σ' && IsFinal(text, at))
        {
            return "ς";
        }

        if (Special.Value.TryGetValue(point, out (string Upper, string Title, string Lower) special))
        {
            return special.Lower;
        }

        return Simple(point, Rune.ToLowerInvariant);
    }

    private static string Simple(int point, Func<Rune, Rune> map) =>
        PythonText.FromPoint(Rune.TryCreate(point, out Rune rune) ? map(rune).Value : point);

    /// <summary>A sigma after a letter and not before one; case-ignorable characters (marks, apostrophes) are skipped.</summary>
    private static bool IsFinal(string text, int at)
    {
        int before = at;
        while (before > 0 && IsIgnorable(PythonText.PointBefore(text, before)))
        {
            before -= PythonText.Size(PythonText.PointBefore(text, before));
        }

        int after = at + 1;
        while (after < text.Length && IsIgnorable(PythonText.PointAt(text, after)))
        {
            after += PythonText.Size(PythonText.PointAt(text, after));
        }

        return before > 0
            && IsCased(PythonText.PointBefore(text, before))
            && !(after < text.Length && IsCased(PythonText.PointAt(text, after)));
    }

    private static bool IsIgnorable(int point) =>
        point is '\'' or '.' or ':' or 0xB7 or 0x2019 or 0xAD
        || PythonText.Category(point)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;

    private static FrozenDictionary<int, (string, string, string)> Load()
    {
        using var reader = new StreamReader(typeof(PythonCasing).Assembly.GetManifestResourceStream("UnicodeCasing.txt")!);
        var rows = new Dictionary<int, (string, string, string)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var point, var upper, var title, var lower] && !line.StartsWith('#'))
            {
                rows[Hex(point)] = (Text(upper), Text(title), Text(lower));
            }
        }

        return rows.ToFrozenDictionary();

        static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        static string Text(string points) => string.Concat(points.Split('+').Select(p => PythonText.FromPoint(Hex(p))));
    }
}
