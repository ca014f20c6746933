using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Finds LaTeX in running text without delimiters: commands with their operands, up to the next word.</summary>
internal static partial class LooseFormulas
{
    private const int Reach = 600;

    /// <summary>The last formula that contains a command and can be parsed.</summary>
    public static Extracted? Last(string text, int start)
    {
        if (text.LastIndexOf('\\') < start)
        {
            return null;
        }

        start = Math.Max(start, text.Length - Reach);
        foreach (Match match in Pattern().Matches(text, start).Reverse())
        {
            string formula = match.Value.TrimEnd();
            int end = match.Index + formula.Length;
            formula = formula.TrimEnd('.', ',', ';', ':', '!', '?').Trim('*'); // Stars are Markdown emphasis.
            if (
                Command().IsMatch(formula)
                && Answers.Read(formula, NumberReading.Grouped, false) is { } node
                && !node.Any(n => n is WordNode)
            )
            {
                return new(formula, false, end) { Parsed = node, Place = (match.Index, end) };
            }
        }

        return null;
    }

    /// <summary>The places of formulas and numbers of a short text.</summary>
    public static IEnumerable<(int Start, int Length)> Values(string text) =>
        from match in Pattern().Matches(text)
        let value = match.Value.TrimEnd(' ', '.', ',', ';', ':', '!', '?', '(')
        let lead = value.Length - value.TrimStart(',', '.', ';', ':', '!', ')').Length
        let rest = value[lead..]
        where rest.Length > 0 && (rest.AsSpan().ContainsAnyInRange('0', '9') || rest.Contains('\\', StringComparison.Ordinal))
        select (match.Index + lead, rest.Length);

    [GeneratedRegex(
        @"(?<![A-Za-z0-9\\])(?:(?:\\[A-Za-z]+|\\[$%,;:!{}|\\]|[0-9]+|"
            + @"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z'’])|[-+*/^_=<>(){}\[\]|&,.:!])[ ]{0,2})+",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\\[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Command();
}
