using System.Buffers;
using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Finds the expression of which a number in a text is a part: an inequality ("x > 4", "3 &lt; x &lt; 4", "4 &lt; x"), a point or an
/// interval ("(2, 3]").
/// </summary>
internal static partial class Relations
{
    private const int Reach = 60;

    /// <summary>The relation, and how many characters of it stand before the value; null if the value is not a side of one.</summary>
    /// <param name="before">The sentence up to the value.</param>
    /// <param name="value">The value.</param>
    /// <param name="after">The rest of the sentence.</param>
    public static (string Text, int Before)? Around(string before, string value, string after)
    {
        string left = before.Length > Reach ? before[^Reach..] : before,
            right = after.Length > Reach ? after[..Reach] : after;
        char last = Edge(left.AsSpan().TrimEnd()),
            next = right.AsSpan().TrimStart() is [var c, ..] ? c : ' ';
        if (
            last == ','
            && next is ')' or ']' or '}'
            && Coordinates().Match(left) is { Success: true } first
            && Closing().Match(right) is { Success: true } closing
        )
        {
            return (first.Value + value + closing.Value, first.Length);
        }

        string name = Signs.Contains(last) ? Left().Match(left).Value : "",
            other = Signs.Contains(next) ? Right().Match(right).Value : "";
        return name.Length + other.Length == 0 ? null : ($"{name}{value}{other}".Replace("$", "", StringComparison.Ordinal), name.Length);
    }

    private static char Edge(ReadOnlySpan<char> text) => text.IsEmpty ? ' ' : text[^1];

    /// <summary>Most values have no sign next to them.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("<>≤≥≠=!$");

    [GeneratedRegex(@"(?<![A-Za-z0-9])[(\[{](?:\s*[-+\u2212]?[0-9./A-Za-z^√π∞]{1,12}\s*,){1,5}\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Coordinates();

    [GeneratedRegex(@"\A\s*[)\]}]", RegexOptions.CultureInvariant)]
    private static partial Regex Closing();

    private const string Sign = @"\$?\s*(?:[<>≤≥≠]=?|!=)\s*\$?";

    private const string Name = @"(?<![A-Za-z\\])[A-Za-z](?:_?\{?[0-9A-Za-z]\}?|\([a-z]\))?";

    [GeneratedRegex($@"(?:(?<![0-9A-Za-z.])[-\u2212]?[0-9][0-9.]*{Sign})?\$?{Name}{Sign}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Left();

    [GeneratedRegex($@"\A{Sign}{Name}(?![A-Za-z'’])", RegexOptions.CultureInvariant)]
    private static partial Regex Right();
}
