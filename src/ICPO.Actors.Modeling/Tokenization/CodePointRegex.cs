using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ICPO.Actors.Modeling;

/// <summary>
/// A regular expression of a tokenizer on code points. .NET's work on UTF-16 units, so the text is matched through a copy in
/// which every character beyond U+FFFF is replaced by one of the same category that no pattern names.
/// </summary>
internal sealed class CodePointRegex
{
    private const string Spare = "\uA64A\uA64B\u1F88\uA717\uA840\uA806\uA823\u20DD\uA8D0\uA6E6\uA830\u2028\u2028\u2029\u0081\uFFF9\uD800\uE000\uFE33\uFE58\uFE59\uFE5A\u2E20\u2E21\uA874\u2A0C\uA838\uA720\uA828\uFDD0";

    private readonly Regex _regex;

    /// <param name="pattern">In Oniguruma's notation, as tokenizer.json has it.</param>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public CodePointRegex(string pattern)
    {
        // Long s and the Kelvin sign are the two letters outside ASCII that fold to an ASCII letter.
        _regex = new(Fold(Possessive(pattern)), RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(30));
    }

    /// <summary>Matches that are not empty, as [start, end) in UTF-16 units.</summary>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            for (var match = _regex.Match(text); match.Success; match = match.NextMatch())
            {
                if (match.Length > 0)
                {
                    yield return (match.Index, match.Index + match.Length);
                }
            }

            yield break;
        }

        var (copy, offsets) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        for (int i = 0; i < text.Length; i++)
        {
            offsets.Add(i);
            bool pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            copy.Append(pair ? Spare[(int)UnicodeRanges.Category(char.ConvertToUtf32(text[i], text[i + 1]))] : text[i]);
            i += pair ? 1 : 0;
        }

        offsets.Add(text.Length);
        for (var match = _regex.Match(copy.ToString()); match.Success; match = match.NextMatch())
        {
            if (match.Length > 0)
            {
                yield return (offsets[match.Index], offsets[match.Index + match.Length]);
            }
        }
    }

    /// <summary>X?+, X*+ and X++ as atomic groups, which is what .NET has for them.</summary>
    private static string Possessive(string pattern)
    {
        var result = new StringBuilder(pattern);
        var starts = new Stack<int>();
        int atom = 0;
        for (int i = 0; i < result.Length; i++)
        {
            switch (result[i])
            {
                case '\\':
                    atom = i;
                    i++;
                    if (i < result.Length && result[i] is 'p' or 'P' && i + 1 < result.Length && result[i + 1] == '{')
                    {
                        i = result.ToString().IndexOf('}', i);
                    }

                    break;
                case '[':
                    atom = i;
                    for (i++; i < result.Length && (result[i] != ']' || i == atom + 1); i++)
                    {
                        i += result[i] == '\\' ? 1 : 0;
                    }

                    break;
                case '(':
                    starts.Push(i);
                    break;
                case ')':
                    atom = starts.TryPop(out int open) ? open : 0;
                    break;
                case '?' or '*' or '+' when i + 1 < result.Length && result[i + 1] == '+' && i > 0 && result[i - 1] != '(':
                    result.Remove(i + 1, 1).Insert(i + 1, ')').Insert(atom, "(?>");
                    i += 4;
                    break;
                case '?' or '*' or '+' or '{' or '}' or '|':
                    break;
                default:
                    atom = i;
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Inside (?i:…), s and k also match ſ and K.</summary>
    private static string Fold(string pattern)
    {
        int start = pattern.IndexOf("(?i:", StringComparison.Ordinal);
        if (start < 0)
        {
            return pattern;
        }

        int end = pattern.IndexOf(')', start);
        string inside = pattern[(start + 4)..end];
        return inside.IndexOfAny(['[', '(', '\\']) >= 0
            ? pattern
            : pattern[..(start + 4)] + inside.Replace("s", "[sS\u017F]").Replace("k", "[kK\u212A]") + Fold(pattern[end..]);
    }
}

/// <summary>Unicode categories, with the digits that are newer than .NET's tables.</summary>
internal static class UnicodeRanges
{
    public static UnicodeCategory Category(int point) => point switch
    {
        >= 0x11DE0 and <= 0x11DE9 => UnicodeCategory.DecimalDigitNumber,
        >= 0x16FF4 and <= 0x16FF6 => UnicodeCategory.LetterNumber,
        _ => CharUnicodeInfo.GetUnicodeCategory(point),
    };

    public static bool IsNumeric(int point) => Category(point) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(int point) => Category(point) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
        || point is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~';
}
