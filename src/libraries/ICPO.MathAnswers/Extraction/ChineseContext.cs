using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Reads the text directly next to the last value of a Chinese text without an answer phrase.</summary>
internal static partial class ChineseContext
{
    private const int Reach = 24;

    /// <param name="before">The sentence up to the value.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="after">The rest of the sentence.</param>
    /// <returns>Null if there is no Chinese text next to the value.</returns>
    public static ValueContext? Read(string before, string value, string after)
    {
        string left = before.Length > Reach ? before[^Reach..] : before,
            right = after.Length > Reach ? after[..Reach] : after;
        if (!ChineseClause.Applies(left) && !ChineseClause.Applies(right))
        {
            return null;
        }

        bool isDecimal = value.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && point + 1 < value.Length;
        if (
            Denial().IsMatch(left)
            || Bound().IsMatch(left)
            || Range().IsMatch(left)
            || (!isDecimal && About().IsMatch(left))
            || After().IsMatch(right)
            || (!isDecimal && AboutAfter().IsMatch(right))
        )
        {
            return ValueContext.Open;
        }

        return Joint().Match(left) is { Success: true } joint
            ? new(ContextKind.Joined, before.Length - left.Length + joint.Groups["joint"].Index)
            : null;
    }

    [GeneratedRegex(
        @"(?:不(?:可能|可以|一定|应该|应|会|能|再)?(?:是|为|等于|等|得|含|包括)|并非(?:是)?|而非|没有|未必是?|≠)[\s$*（(]*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Denial();

    /// <summary>最多有4个 may be the answer to a question for the most; 至多4 and 不超过4 are bounds.</summary>
    [GeneratedRegex(
        @"(?:[大小高低多少长短早晚]于(?:或?等于)?|超过|超出|不足|不止|不到|未满|不满|至[多少](?:[是为有])?|最[多少](?:是|为)?|接近|介于|[＜＞])"
            + @"[\s$*]*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Bound();

    [GeneratedRegex(
        @"[0-9}$]\s*(?:到|至|~|～)[\s$*]*\z|介?[于在]\s*\$?[-0-9\\][^，。]{0,16}[和与到至][\s$*]*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Range();

    [GeneratedRegex(
        @"(?:大约|大概|(?<!公|条|契|节)约|可能|也许|或许|估计|差不多|似乎|好像|将近|近似)(?:[是为有]|等于)?[\s$*]*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex About();

    [GeneratedRegex(
        @"\A[\s$*]*[^\s，。,；、\d]{0,2}?(?:以[上下内外]|之[间内外]|或更[多少大小高低])|\A[\s$*]*(?:的倍数|的约数|的因数|位数)|"
            + @"\A[\s$*]*(?:不(?:成立|符合|满足|对|正确|可能|行|合题意|是)|吗|[？?])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex After();

    [GeneratedRegex(@"\A[\s$*]*[^\s，。,；、\d]{0,2}?(?:左右|上下|的样子|吧)", RegexOptions.CultureInvariant)]
    private static partial Regex AboutAfter();

    [GeneratedRegex(
        @"[0-9}$]\s*[^\s，。,；、\d]{0,1}(?<joint>[，,]?\s*(?:或者?|还是|抑或|要么|和|与|及)(?:是|为)?\s*(?:\$?[a-z]\s*=)?[\s$*]*)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Joint();
}
