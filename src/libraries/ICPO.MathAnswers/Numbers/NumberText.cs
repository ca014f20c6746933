using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Numbers;

/// <summary>Finds the number that a text gives as its answer.</summary>
public static partial class NumberText
{
    private const string Unsigned = @"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|(?<!\.)\.[0-9]+";

    /// <summary>A minus right after a digit, a letter or a bracket is an operator, not a sign.</summary>
    private const string Pattern =
        @"(?:(?<![0-9A-Za-z)\]])[-+\u2212\u2013])?(?<![0-9])(?<![0-9]\.)(?:"
        + Unsigned
        + @")(?:[eE][-+]?[0-9]{1,3}(?![0-9A-Za-z]))?(?: ?/ ?[0-9]+(?:\.[0-9]+)?)?";

    /// <summary>
    /// The first number after the last <c>####</c>, else after the last "answer is" or "answer:", else the last number of the text; null if
    /// there is none. Sign, thousands separators, decimals, exponent and <c>a/b</c> belong to the number.
    /// </summary>
    public static NumberMatch? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match marks = Hashes().Match(text),
            marker = marks.Success ? marks : AnswerMarker().Match(text);
        Match? match = marker.Success ? Number().Match(text, marker.Index) : Number().Matches(text).LastOrDefault();
        return match is { Success: true } ? new(match.Value, match.Index + match.Length) : null;
    }

    /// <summary>
    /// The number of a reference answer: after the last <c>####</c> or "answer is", else the only number of the text; null if it has none
    /// or several and no rule selects one.
    /// </summary>
    public static NumberMatch? FindGold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Hashes().IsMatch(text) || AnswerMarker().IsMatch(text))
        {
            return Find(text);
        }

        return Number().Matches(text) is [var only] ? new(only.Value, only.Index + only.Length) : null;
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    /// <summary>"#### Step 2: Total" is a heading.</summary>
    [GeneratedRegex(@"####(?![ \t#*]{0,9}\p{L})", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Hashes();

    [GeneratedRegex(@"answer\s*(?:is|:)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft)]
    private static partial Regex AnswerMarker();
}
