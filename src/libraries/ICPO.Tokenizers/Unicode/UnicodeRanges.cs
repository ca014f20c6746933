using System.Globalization;

namespace ICPO.Tokenizers.Unicode;

/// <summary>Classes of characters that tokenizers refer to by name.</summary>
internal static class UnicodeRanges
{
    private const int ZeroWidthNonJoiner = 0x200C,
        ZeroWidthJoiner = 0x200D;

    /// <summary>Letters (also the circled and squared symbols), marks, digits and connector punctuation.</summary>
    public static readonly CodePointSet Word = CodePointSet
        .Of(c => c is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation)
        .Or(CodePointSet.Range(0x24B6, 0x24E9))
        .Or(CodePointSet.Range(0x1F130, 0x1F149))
        .Or(CodePointSet.Range(0x1F150, 0x1F169))
        .Or(CodePointSet.Range(0x1F170, 0x1F189));

    /// <summary>Numbers of any kind, including those newer than .NET's tables.</summary>
    public static bool IsNumeric(int point) =>
        point is (>= 0x11DE0 and <= 0x11DE9) or (>= 0x16FF4 and <= 0x16FF6)
        || CharUnicodeInfo.GetUnicodeCategory(point)
            is UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(int point) =>
        CharUnicodeInfo.GetUnicodeCategory(point)
            is UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation
        || point is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~';

    /// <summary>Word characters (Unicode Technical Standard 18), including joiners.</summary>
    public static bool IsWord(int point) => point is ZeroWidthNonJoiner or ZeroWidthJoiner || Word.Contains(point);

    public static bool IsWhiteSpace(int point) => point <= char.MaxValue && char.IsWhiteSpace((char)point);
}
