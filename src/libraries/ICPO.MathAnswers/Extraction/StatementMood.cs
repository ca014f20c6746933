using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Whether a statement of the answer asserts it: not one that is supposed, doubted or only describes it.</summary>
internal static partial class StatementMood
{
    private const int MaxLength = 4000;

    /// <summary>"If the answer is 4", "it is not true that the answer is 4", "… or the answer is 4".</summary>
    public static bool IsHypothetical(string text, int subject)
    {
        int from = Math.Max(0, subject - 80);
        return Hypothesis().IsMatch(text.AsSpan(from, subject - from));
    }

    /// <summary>"The answer would be 4 if x were even."</summary>
    public static bool IsCounterfactual(string text, Statement statement, int end) =>
        end - statement.Subject <= MaxLength && Counterfactual().IsMatch(text.AsSpan(statement.Subject, end - statement.Subject));

    /// <summary>"Maybe the answer is 4", "it is possible that the answer is 4".</summary>
    public static bool IsHedged(string text, int subject)
    {
        int from = Math.Max(0, subject - 80);
        return Doubt().IsMatch(text.AsSpan(from, subject - from));
    }

    /// <summary>"The answer has 4 digits" describes the answer but does not state it.</summary>
    public static bool IsDescription(string text, int verb) => Describes().IsMatch(text, verb);

    [GeneratedRegex(
        @"(?:\b(?:if|whether|unless|suppose|supposing|assume|assuming|or)(?:\s+that)?|(?:\bnot|n['’]t|\bfalse|\bnever|\bdoubt|\bwrong|"
            + @"\bincorrect|\bimpossible|\bunlikely)\b[^.!?\n]{0,30}\bthat)\s+(?:(?:the|my|our|final|correct)\s+){0,2}\z|"
            + @"(?:如果|假[如设]|倘若|要是|若|或者?)\s*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Hypothesis();

    [GeneratedRegex(
        @"\G(?:has|have|contains?|includes?|ends(?!\s+up)|starts|begins|divides|consists)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Describes();

    [GeneratedRegex(@"\A\w+\s+would\s+be\b[^.!?\n]*\b(?:if|unless|had)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Counterfactual();

    [GeneratedRegex(
        @"(?:\b(?:maybe|perhaps|possibly|probably|presumably|conceivably)\b|\b(?:possible|likely|probable|plausible|conceivable)\s+that\b|"
            + @"可能|也许|或许|大概|估计|说不定|恐怕)[\s,，]*(?:(?:the|my|our|final|correct)\s+){0,3}\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Doubt();
}
