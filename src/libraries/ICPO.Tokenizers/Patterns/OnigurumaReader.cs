using System.Text.RegularExpressions;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Patterns;

/// <summary>Reads a pattern by code points.</summary>
internal sealed partial class OnigurumaReader(string pattern)
{
    private int _at;

    public bool AtEnd => _at >= pattern.Length;

    /// <summary>The last result of <see cref="Next"/>.</summary>
    public int Last { get; private set; }

    /// <summary>The next code point; −1 at the end.</summary>
    public int Peek
    {
        get
        {
            if (AtEnd)
            {
                return -1;
            }

            if (char.IsSurrogatePair(pattern, _at))
            {
                return char.ConvertToUtf32(pattern, _at);
            }

            return pattern[_at];
        }
    }

    /// <exception cref="ArgumentException">The pattern ends.</exception>
    public int Next()
    {
        Last = AtEnd ? throw Bad("it ends too early") : Peek;
        _at += Last > char.MaxValue ? 2 : 1;
        return Last;
    }

    /// <summary>Skips a text if it comes next.</summary>
    public bool Take(string text)
    {
        bool isThere = string.CompareOrdinal(pattern, _at, text, 0, text.Length) == 0;
        _at += isThere ? text.Length : 0;
        return isThere;
    }

    /// <summary>Whether the rest contains a text.</summary>
    public bool Holds(string text) => pattern.IndexOf(text, _at, StringComparison.Ordinal) >= 0;

    /// <summary>Skips the name of a group.</summary>
    public bool TakeName() => Match(GroupName()) is not null;

    /// <summary>
    /// n}, n,}, n,m} or ,m} with the bracket before it, as .NET writes it; null if it is something else, which is then a literal.
    /// </summary>
    public string? Interval() =>
        Match(Bounds()) is { } match
            ? $"{{{(match.Groups["least"].Length == 0 ? "0" : match.Groups["least"].Value)}{match.Groups["most"].Value}}}"
            : null;

    /// <summary>The number in braces, or in exactly or at most this many digits.</summary>
    public int Number(int digits, int radix, bool isExact)
    {
        bool isBraced = Take("{");
        int start = _at;
        while (
            !AtEnd
            && char.IsAsciiHexDigit(pattern[_at])
            && (radix == 16 || pattern[_at] is >= '0' and <= '7')
            && _at - start < (isBraced ? 8 : digits)
        )
        {
            _at++;
        }

        string text = pattern[start.._at];
        bool isComplete = !isExact || (isBraced && text.Length > 0) || text.Length == digits;
        int value = isComplete ? Convert.ToInt32(text.Length == 0 ? "0" : text, radix) : -1;
        return value is >= 0 and < CodePointSet.End and (< 0xD800 or > 0xDFFF) && (!isBraced || Take("}"))
            ? value
            : throw Bad("the number of a character cannot be read");
    }

    /// <summary>The name in {…}.</summary>
    public string Name() => Match(Property()) is { } match ? match.Groups["name"].Value : throw Bad("a name in {} is missing");

    public ArgumentException Bad(string what) => new($"'{pattern}' at character {_at}: {what}");

    private Match? Match(Regex regex)
    {
        Match match = regex.Match(pattern, _at);
        _at += match.Length;
        return match.Success ? match : null;
    }

    [GeneratedRegex(@"\G(?:(?<least>\d{1,5})(?<most>,\d{0,5})?|(?<most>,\d{1,5}))\}", RegexOptions.CultureInvariant)]
    private static partial Regex Bounds();

    [GeneratedRegex(@"\G(?:<[A-Za-z_]\w*>|'[A-Za-z_]\w*')", RegexOptions.CultureInvariant)]
    private static partial Regex GroupName();

    [GeneratedRegex(@"\G\{(?<name>\^?\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Property();
}
