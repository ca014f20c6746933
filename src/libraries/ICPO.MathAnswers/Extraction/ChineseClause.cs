using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Reads a Chinese clause by its function characters: negation before the value, comparison (…于, 至/最 with an adjective, 超过), a localizer
/// after it (以上, 之间), 到 between two values, and characters that join further values with the first one.
/// </summary>
internal static partial class ChineseClause
{
    public static bool Applies(string clause) => clause.AsSpan().ContainsAnyInRange('\u4e00', '\u9fff');

    public static ClauseReading Read(string clause)
    {
        List<string> values = [.. Pieces.Of(clause).Where(p => p.Kind == PieceKind.Value).Select(p => p.Text)];
        if (values.Count == 0)
        {
            return ClauseReading.Names;
        }

        int at = clause.IndexOf(values[0], StringComparison.Ordinal);
        string before = clause[..at],
            after = clause[(at + values[0].Length)..];
        if (Comparison().IsMatch(before) || Localizer().IsMatch(after) || Range().IsMatch(after))
        {
            return ClauseReading.Bounds;
        }

        if (Negation().IsMatch(before) || Retraction().IsMatch(after))
        {
            return new(ClauseKind.Denies, [.. values]);
        }

        bool isDecimal = values[0].IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && point + 1 < values[0].Length;
        if (
            Doubt().IsMatch(before)
            || DoubtBehind().IsMatch(after)
            || (!isDecimal && (About().IsMatch(before) || AboutBehind().IsMatch(after)))
        )
        {
            return ClauseReading.Hedges;
        }

        return values.Count > 1 && (before.Contains("要么", StringComparison.Ordinal) || Joint().IsMatch(after))
            ? new(ClauseKind.Lists, [.. values])
            : ClauseReading.Names;
    }

    [GeneratedRegex(
        @"[^等由关对属终在位处基应]于|[最至][少多]|[最至][大小高低早晚长短](?=\s*[是为]?\s*\$?\s*\z)|超过|超出|不足|不止|不仅|被\s*\$?\s*\z|[不未][到满]|以[上下内外]|介乎|"
            + @"[在从]\s*\$?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Comparison();

    [GeneratedRegex(
        @"\A[\s$）)]*(?:[^\s，。,；、\d]{0,3})(?:以[上下内外]|之[间内外上下]|起)|\A[^，。,；]{0,20}(?:之间|以[上下内外])|"
            + @"\A[\s$]*(?:的(?!(?:平方|立方)(?!根)|阶乘|一半|[0-9]+次方)|位(?:正?整)?数)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Localizer();

    [GeneratedRegex(@"\A[\s$]*(?:到|至|~|～|—)+[\s$]*[-\d\\]", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(
        @"不(?!等式|[难妨仅但止同定变重相连规间断限])|非(?![负零常空])|没|未(?!知)|无(?![理穷限关论量数])|否|(?<![分区级类性特])别",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Negation();

    [GeneratedRegex(
        @"\A[\s$]*[^\s，。,；、\d]{0,2}?(?:吗|[？?])|\A[\s$]*[，,]?\s*(?:这|那)?(?:是|为)?(?:错的|错误的|不对|不正确|不成立|不符合)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Retraction();

    [GeneratedRegex(@"可能(?![的性值取])|也许|或许|大概|估计(?!值)|似乎|好像|差不多|说不定|恐怕", RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();

    [GeneratedRegex(@"\A[^，。；;\d]{0,4}(?:吧|也许|或许|大概)\s*[。.!！]?\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DoubtBehind();

    /// <summary>约 is a part of 约数 (divisor), 约束 (constraint), 约分 (reduction).</summary>
    [GeneratedRegex(@"大致|约(?![数束分定去掉简])|接近|将近|近似", RegexOptions.CultureInvariant)]
    private static partial Regex About();

    [GeneratedRegex(@"\A[\s$]*[^\s，。,；、\d]{0,3}(?:左右|上下|的样子)", RegexOptions.CultureInvariant)]
    private static partial Regex AboutBehind();

    [GeneratedRegex(@"\A[^，。；;因所故]{0,6}[，,]?\s*(?:或|还是|抑或|要么|和|与|及|、|也可能)", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();
}
