using System.Text;

namespace ICPO.MathAnswers.Latex;

/// <summary>Compares answers as text: for words, and for notation that cannot be parsed.</summary>
internal static class AnswerText
{
    /// <summary>White space and Markdown emphasis around an answer.</summary>
    public static readonly char[] Emphasis = [' ', '*', '\n', '\t', '\r'];

    /// <summary>Texts with the same key differ only in spacing, fonts and delimiters.</summary>
    public static string Key(string text)
    {
        text = text.Trim(Emphasis);
        StringBuilder key = new(text.Length);
        Stack<bool> braces = new();
        bool spaced = false,
            silent = false;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\\' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]))
            {
                int end = at + 1;
                while (end < text.Length && char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                string command = text[(at + 1)..end];
                at = end - 1;
                silent = Notation.TextCommands.Contains(command);
                if (!silent && !Notation.Silent.Contains(command))
                {
                    key.Append('\\').Append(command is "dfrac" or "tfrac" or "cfrac" ? "frac" : command);
                }

                continue;
            }

            if (c == '\\')
            {
                at++;
                if (at < text.Length && text[at] is '{' or '}' or '|' or '\\')
                {
                    key.Append('\\').Append(text[at]);
                }
                else if (at < text.Length && text[at] == '%')
                {
                    key.Append('%');
                }

                spaced = true;
            }
            else if (char.IsWhiteSpace(c) || c is '~' or '$')
            {
                spaced = true;
                continue;
            }
            else if (c == '{')
            {
                braces.Push(silent);
                _ = silent ? key : key.Append(c);
            }
            else if (c == '}')
            {
                _ = braces.TryPop(out bool dropped) && dropped ? key : key.Append(c);
            }
            else
            {
                // 1 1/2 is not 11/2.
                _ =
                    spaced && char.IsAsciiDigit(c) && key.Length > 0 && char.IsAsciiDigit(key[^1])
                        ? key.Append(' ').Append(c)
                        : key.Append(c);
                spaced = false;
            }

            silent = false;
        }

        string whole = key.ToString().TrimEnd('.', ',', ';', ':');
        string calm = whole.TrimEnd('!');
        return calm.Length > 2 && IsWords(calm) ? calm : whole; // "Yes!" is "Yes", but 5! is not 5.
    }

    /// <summary>Words in lower case, without articles and punctuation.</summary>
    public static string Words(string text)
    {
        string[] words = text.ToLowerInvariant()
            .Split(
                [' ', '-', '.', ',', ';', ':', '!', '?', '\'', '"', '\n', '\t', '(', ')', '{', '}', '$'],
                StringSplitOptions.RemoveEmptyEntries
            );
        return string.Join(' ', words.Where(w => w is not ("the" or "an") && (w != "a" || words.Length == 1)));
    }

    /// <summary>True for words and single letters, which are compared without case.</summary>
    public static bool IsWords(string key) => key.Length > 0 && key.AsSpan().Trim("()").IndexOfAnyExcept(Letters) < 0;

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-'"
    );
}
