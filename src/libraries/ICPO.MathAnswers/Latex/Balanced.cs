namespace ICPO.MathAnswers.Latex;

/// <summary>Finds matching braces.</summary>
internal static class Balanced
{
    /// <summary>
    /// The index after the brace that closes the one at <paramref name="open"/>; null if there is none. Escaped braces do not count.
    /// </summary>
    public static int? End(string text, int open)
    {
        int depth = 0;
        for (int at = open; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    return at + 1;
            }
        }

        return null;
    }
}
