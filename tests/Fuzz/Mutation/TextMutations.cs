using System.Text;

namespace Fuzz.Mutation;

/// <summary>Changes of text: words of its format, numbers, brackets, lines.</summary>
internal static class TextMutations
{
    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1e99",
        "1e999",
        "-0.0",
        "2147483648",
        "9223372036854775808",
        "18446744073709551616",
        "99999999999999999999999999999999999999999999999999",
        "0x10",
        "1_000",
        "NaN",
        "2000h",
        "999999999h",
        "\"1\"",
        "null",
        "true",
        "[]",
        "{}",
    ];

    private static readonly string[] Oddities =
    [
        "\\ud800",
        "\\udc00",
        "\\u0000",
        "\u2009",
        "\u200b",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "\ufdfa",
        "\U0001F642",
        "\u0301",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\\",
        "\"",
        "'",
        "<|end|>",
    ];

    private static readonly (string Open, string Close)[] Brackets =
    [
        ("{", "}"),
        ("[", "]"),
        ("(", ")"),
        ("[[", "]]"),
        ("{\"a\":", "}"),
        ("a{", "}"),
        ("\\frac{", "}{2}"),
        ("\\sqrt{", "}"),
        ("^{", "}"),
        ("-", ""),
        ("not ", ""),
        ("{% if 1 %}", "{% endif %}"),
        ("(?:", ")*"),
    ];

    /// <param name="text">The text.</param>
    /// <param name="draws">Decide what happens where.</param>
    /// <param name="words">Words of the format.</param>
    /// <param name="most">The longest that it may become.</param>
    public static string Apply(string text, Draws draws, IReadOnlyList<string> words, int most)
    {
        int at = draws.Below(text.Length + 1);
        int end = Math.Min(text.Length, at + draws.Size(80));
        string piece = text[at..end];
        string changed = draws.Below(9) switch
        {
            0 => text.Insert(at, draws.Of(words)),
            1 => text[..at] + draws.Of(words) + text[end..],
            2 => Number(text, at, draws),
            3 => text.Insert(at, draws.Of(Oddities)),
            4 => text.Insert(at, Repeated(draws.Of(Oddities), draws.Size(20_000), most)),
            5 => Nested(text, at, end, draws, most),
            6 => text.Insert(at, Repeated(piece, draws.Size(5_000), most)),
            7 => Lines(text, draws),
            _ => text.Insert(at, Repeated(draws.Of(words), draws.Size(2_000), most)),
        };
        return changed.Length <= most ? changed : text;
    }

    /// <summary>As often as fits into half of the longest text.</summary>
    private static string Repeated(string piece, int times, int most) =>
        new StringBuilder().Insert(0, piece, Math.Clamp(most / 2 / Math.Max(1, piece.Length), 1, times)).ToString();

    private static string Number(string text, int at, Draws draws)
    {
        int start = text.AsSpan(at).IndexOfAnyInRange('0', '9') is >= 0 and var skip ? at + skip : at;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        string number = draws.OneIn(8) ? new string('9', draws.Size(20_000)) : draws.Of(Numbers);
        return text[..start] + number + text[end..];
    }

    private static string Nested(string text, int at, int end, Draws draws, int most)
    {
        (string open, string close) = draws.Of(Brackets);
        int depth = draws.Size(10_000);
        string closed = draws.OneIn(4) ? "" : Repeated(close, depth, most / 2);
        return text[..at] + Repeated(open, depth, most / 2) + text[at..end] + closed + text[end..];
    }

    private static string Lines(string text, Draws draws)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = draws.Below(lines.Count);
        switch (draws.Below(3))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(draws.Below(lines.Count + 1), lines[at]);
                break;
            default:
                int other = draws.Below(lines.Count);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
        }

        return string.Join('\n', lines);
    }
}
