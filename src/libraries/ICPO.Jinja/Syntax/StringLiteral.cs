using System.Text;

namespace ICPO.Jinja.Syntax;

/// <summary>Python's escapes in a string literal; unknown ones are copied unchanged.</summary>
internal static class StringLiteral
{
    /// <param name="text">Between the quotes.</param>
    /// <param name="bad">Creates the error for the current line.</param>
    /// <exception cref="SyntaxFault">An escape is truncated, is not a character, or is not supported.</exception>
    public static string Unescape(string text, Func<string, SyntaxFault> bad)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            char c = text[++i];
            int simple = "\n\\'\"abfnrtv".IndexOf(c);
            if (simple >= 0)
            {
                result.Append(simple == 0 ? "" : "\\'\"\a\b\f\n\r\t\v"[simple - 1].ToString());
            }
            else if (c is 'x' or 'u' or 'U')
            {
                int length = c switch
                {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                int value = Hex(text, i + 1, length) is { } v ? v : throw bad($"truncated \\{c} escape in a string");
                result.Append(
                    value switch
                    {
                        > 0x10FFFF => throw bad("illegal Unicode character in a string"),
                        > 0xFFFF => char.ConvertFromUtf32(value),
                        _ => ((char)value).ToString(),
                    }
                );
                i += length;
            }
            else if (c is >= '0' and <= '7')
            {
                int value = 0;
                int n = 0;
                for (; n < 3 && i < text.Length && text[i] is >= '0' and <= '7'; n++, i++)
                {
                    value = (value * 8) + (text[i] - '0');
                }

                i--;
                result.Append((char)value);
            }
            else if (c == 'N')
            {
                throw bad("the escape \\N{…} (a character by its name) is not supported: write \\u or the character itself");
            }
            else
            {
                result.Append('\\').Append(c);
            }
        }

        return result.ToString();
    }

    private static int? Hex(string text, int start, int length) =>
        start + length <= text.Length && text.AsSpan(start, length).ToArray().All(char.IsAsciiHexDigit)
            ? (int)Math.Min(Convert.ToUInt32(text.Substring(start, length), 16), int.MaxValue)
            : null;
}
