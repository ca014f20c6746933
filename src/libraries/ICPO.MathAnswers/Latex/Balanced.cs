namespace ICPO.MathAnswers.Latex;

/// <summary>Finds where braces close.</summary>
internal static class Balanced
{
    /// <summary>
    /// The place behind the brace that closes the one at <paramref name="open"/>; null where none does. An escaped brace is no brace.
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
