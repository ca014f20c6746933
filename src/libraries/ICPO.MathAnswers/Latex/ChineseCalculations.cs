using System.Collections.Frozen;

namespace ICPO.MathAnswers.Latex;

/// <summary>Chinese words of calculations: 3加4, 3的平方, 3又2分之1, 3万, 3成, 3个半.</summary>
internal static class ChineseCalculations
{
    private const string Numerals = "零一二三四五六七八九十";

    private static readonly FrozenDictionary<string, string> Infix = Pairs("加 +,加上 +,减 -,减去 -,乘 *,乘以 *,乘上 *,除以 /,比 :");

    /// <summary>Words behind a value, longer ones first.</summary>
    private static readonly KeyValuePair<string, string>[] Powers =
    [
        .. Pairs(
                "万亿 1000000000000,千亿 100000000000,百亿 10000000000,十亿 1000000000,亿 100000000,千万 10000000,百万 1000000,"
                    + "十万 100000,万 10000,千 1000,百 100"
            )
            .OrderByDescending(p => p.Key.Length),
    ];

    private static readonly FrozenDictionary<string, string> Postfix = Pairs(
        "的平方 ^2,平方 ^2,的立方 ^3,立方 ^3,的阶乘 !,的一半 /2,的两倍 *2"
    );

    public static bool Applies(string word) => word[0] is >= '\u4e00' and <= '\u9fff';

    /// <summary>Words that are no unit: an unknown part, a calculation, or a discount.</summary>
    public static bool AreIn(string unit)
    {
        string word = unit.Trim();
        if (word.Length == 0 || !Applies(word))
        {
            return false;
        }

        int many = word.IndexOf('多', StringComparison.Ordinal);
        return (many >= 0 && !(many + 1 < word.Length && "边项面元重位角".Contains(word[many + 1], StringComparison.Ordinal)))
            || word is "折" or "成" or "半" or "平方" or "立方"
            || word[0] is '加' or '减' or '乘' or '除' or '又' or '余' or '几'
            || word.Contains("次方", StringComparison.Ordinal)
            || word.Contains("分之", StringComparison.Ordinal)
            || (word[^1] == '半' && word.Length < 4);
    }

    /// <summary>Rewrites the word at an index behind an operand.</summary>
    public static void Rewrite(List<LatexToken> tokens, int at)
    {
        string word = tokens[at].Text;
        if (Infix.TryGetValue(word, out string? sign))
        {
            if (SpokenCalculations.StartsOperand(tokens, at + 1))
            {
                tokens[at] = new(TokenKind.Sign, sign);
            }
        }
        else if (word == "又" && at + 1 < tokens.Count && SpokenCalculations.IsInteger(tokens[at - 1]))
        {
            Mix(tokens, at);
        }
        else if (word.StartsWith("分之", StringComparison.Ordinal) && SpokenCalculations.IsInteger(tokens[at - 1]))
        {
            Divide(tokens, at, word[2..]);
        }
        else if (word == "的" && at + 2 < tokens.Count && tokens[at + 1].Kind == TokenKind.Number && tokens[at + 2].Text == "次方")
        {
            Put(tokens, at, 3, [new(TokenKind.Sign, "^"), .. SpokenCalculations.Braced(tokens[at + 1])]);
        }
        else if (word is "成" && tokens[at - 1].Kind == TokenKind.Number)
        {
            Put(tokens, at, 1, [new(TokenKind.Sign, "/"), new(TokenKind.Number, "10")]);
        }
        else if (Postfix.TryGetValue(word, out string? signs))
        {
            Put(tokens, at, 1, [.. signs.Select(c => new LatexToken(char.IsAsciiDigit(c) ? TokenKind.Number : TokenKind.Sign, $"{c}"))]);
        }
        else if (word is "个半" or "天半" or "年半" or "小时半" or "倍半" && SpokenCalculations.IsInteger(tokens[at - 1]))
        {
            Put(tokens, at, 1, [.. Fraction("1", "2"), new(TokenKind.Word, word[..^1])]);
        }
        else if (tokens[at - 1].Kind == TokenKind.Number)
        {
            Scale(tokens, at, word);
        }
    }

    /// <summary>3万, 2.5亿元; 千克, 千米 and 百分 are other words.</summary>
    private static void Scale(List<LatexToken> tokens, int at, string word)
    {
        foreach ((string name, string power) in Powers)
        {
            if (!word.StartsWith(name, StringComparison.Ordinal))
            {
                continue;
            }

            string rest = word[name.Length..];
            if (rest.Length > 0 && name[^1] is '千' or '百' && "克米瓦卡帕赫伏焦分吨".Contains(rest[0], StringComparison.Ordinal))
            {
                return;
            }

            List<LatexToken> signs = [new(TokenKind.Sign, "*"), new(TokenKind.Number, power)];
            if (rest.Length > 0)
            {
                signs.Add(new(TokenKind.Word, rest));
            }

            Put(tokens, at, 1, signs);
            return;
        }
    }

    /// <summary>3又1/2, 3又2分之1: the integer directly before the fraction.</summary>
    private static void Mix(List<LatexToken> tokens, int at)
    {
        if (
            at + 3 < tokens.Count
            && SpokenCalculations.IsInteger(tokens[at + 1])
            && tokens[at + 2].Is('/')
            && SpokenCalculations.IsInteger(tokens[at + 3])
        )
        {
            Put(tokens, at, 4, Fraction(tokens[at + 1].Text, tokens[at + 3].Text));
            return;
        }

        if (
            at + 2 < tokens.Count
            && SpokenCalculations.IsInteger(tokens[at + 1])
            && tokens[at + 2].Text.StartsWith("分之", StringComparison.Ordinal)
        )
        {
            Divide(tokens, at + 2, tokens[at + 2].Text[2..]);
        }

        if (tokens[at + 1].IsCommand("frac"))
        {
            tokens.RemoveAt(at);
        }
    }

    /// <summary>4分之3, 4分之三: three quarters.</summary>
    private static void Divide(List<LatexToken> tokens, int at, string numeral)
    {
        int top = numeral.Length > 0 ? Numerals.IndexOf(numeral[0], StringComparison.Ordinal) : -1;
        if (numeral.Length == 0 && at + 1 < tokens.Count && SpokenCalculations.IsInteger(tokens[at + 1]))
        {
            Put(tokens, at - 1, 3, Fraction(tokens[at + 1].Text, tokens[at - 1].Text));
        }
        else if (top > 0 && numeral.Length == 1)
        {
            Put(tokens, at - 1, 2, Fraction($"{top}", tokens[at - 1].Text));
        }
    }

    private static List<LatexToken> Fraction(string top, string bottom) =>
        [
            new(TokenKind.Command, "frac"),
            .. SpokenCalculations.Braced(new(TokenKind.Number, top)),
            .. SpokenCalculations.Braced(new(TokenKind.Number, bottom)),
        ];

    private static void Put(List<LatexToken> tokens, int at, int count, List<LatexToken> signs)
    {
        tokens.RemoveRange(at, count);
        tokens.InsertRange(at, signs);
    }

    private static FrozenDictionary<string, string> Pairs(string table) =>
        table.Split(',').Select(row => row.Split(' ')).ToFrozenDictionary(cells => cells[0], cells => cells[1]);
}
