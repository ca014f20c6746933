namespace ICPO.Tokenizers.ChatTemplates;

/// <summary>Python's str.strip: its white space is .NET's and the four separators U+001C to U+001F.</summary>
internal static class PythonStrip
{
    public static string Both(string text)
    {
        string end = End(text);
        int start = 0;
        while (start < end.Length && IsSpace(end[start]))
        {
            start++;
        }

        return end[start..];
    }

    public static string End(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';
}
