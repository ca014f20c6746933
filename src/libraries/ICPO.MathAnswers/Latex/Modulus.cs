using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Latex;

/// <summary>The ways to write a modulus: (mod 7), \text{ (mod 7)}, mod 7, modulo 7 become <c>\pmod</c>.</summary>
internal static partial class Modulus
{
    public static string Normalize(string text)
    {
        if (!text.Contains("mod", StringComparison.OrdinalIgnoreCase) || text.Length > LatexTokenizer.MaxTextLength)
        {
            return text;
        }

        text = InText().Replace(text, @"\pmod{$1}");
        text = Bracketed().Replace(text, @"\pmod{$1}");
        return Bare().Replace(text, @"\mod ");
    }

    private const string Word = @"(?:\\(?:text|textrm|mathrm|operatorname|rm)\s*\{\s*mod(?:ulo)?\s*\}|\\[pb]?mod|mod(?:ulo)?)(?![A-Za-z])";

    [GeneratedRegex(
        @"\\(?:text|textrm|mathrm)\{\s*\(?\s*mod(?:ulo)?\s+([0-9A-Za-z]{1,20})\s*\)?\s*\}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex InText();

    [GeneratedRegex(
        @"(?:\\left)?[(（]\s*" + Word + @"[\s~$]*([^()（）\\$]{1,20}?)\s*\$?(?:\\right)?[)）]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Bracketed();

    [GeneratedRegex(
        @"(?:\\(?:text|mathrm|operatorname)\{\s*mod(?:ulo)?\s*\}|(?<![A-Za-z\\])mod(?:ulo)?(?![A-Za-z]))"
            + @"(?=\s*[0-9{\\$(]|\s+[A-Za-z](?![A-Za-z]))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Bare();
}
