using System.Buffers;
using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Numbers in running text.</summary>
internal static partial class PlainNumbers
{
    private const string Number =
        @"\\[dt]?frac\{-?[0-9]+\}\{[0-9]+\}|"
        + @"(?:(?<![0-9A-Za-z)\]}])[-\u2212\u2013])?(?<![0-9])(?<![0-9]\.)(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}(?![0-9])|"
        + @"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+(?:,[0-9]+)+|[0-9]+)?(?:(?<=[0-9])|"
        + @"(?<!\.)(?=\.[0-9]))(?:\.[0-9]+(?:\.{3}|…)?)?(?::[0-9]+(?![0-9A-Za-z]))?"
        + @"(?:[eE][-+]?[0-9]{1,3}(?![0-9A-Za-z]))?(?: ?/ ?[0-9]+(?:\.[0-9]+)?)*(?: ?\\?%)?";

    /// <summary>Characters that a number may hold, <c>\\dfrac</c> included.</summary>
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,:+-\u2212\u2013/% eE\\dtfrac{}");

    /// <summary>The last number from <paramref name="from"/>.</summary>
    public static Extracted? Last(string text, int from = 0)
    {
        if (from >= text.Length)
        {
            return null;
        }

        // Text before a character that cannot be part of a number is irrelevant.
        Match? last = null;
        int start = Math.Max(from, text.Length - 2000);
        int digit = text.AsSpan(start).LastIndexOfAnyInRange('0', '9');
        if (digit < 0)
        {
            return null;
        }

        start += Math.Max(0, text.AsSpan(start, digit).LastIndexOfAnyExcept(OfNumbers));
        for (Match match = Pattern().Match(text, start); match.Success; match = match.NextMatch())
        {
            last = match.Length > 0 ? match : last;
        }

        return last is null ? null : Found(last);
    }

    /// <summary>The first number between <paramref name="from"/> and <paramref name="to"/>.</summary>
    public static Extracted? First(string text, int from, int to)
    {
        for (
            Match match = Pattern().Match(text, from, Math.Max(0, Math.Min(to, text.Length) - from));
            match.Success;
            match = match.NextMatch()
        )
        {
            if (match.Length > 0)
            {
                return Found(match);
            }
        }

        return null;
    }

    /// <summary>True at the last period of "3.14...".</summary>
    public static bool AreTruncated(string text, int at)
    {
        if (at < 4 || text[at - 1] != '.' || text[at - 2] != '.')
        {
            return false;
        }

        int digit = at - 3;
        while (digit > 0 && char.IsAsciiDigit(text[digit]))
        {
            digit--;
        }

        return digit < at - 3 && text[digit] == '.' && digit > 0 && char.IsAsciiDigit(text[digit - 1]);
    }

    private static Extracted Found(Match match) =>
        new(match.Value, true, match.Index + match.Length) { Place = (match.Index, match.Index + match.Length) };

    [GeneratedRegex(Number, RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
