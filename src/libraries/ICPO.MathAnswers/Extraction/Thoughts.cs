namespace ICPO.MathAnswers.Extraction;

/// <summary>What a model thinks before it answers.</summary>
internal static class Thoughts
{
    private static readonly (string Open, string Close)[] Marks =
    [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<reasoning>", "</reasoning>"),
    ];

    /// <summary>The text behind the last closed thoughts; of thoughts that nothing closes, what stood before them.</summary>
    public static string Skip(string text)
    {
        foreach ((string open, string close) in Marks)
        {
            int closed = text.LastIndexOf(close, StringComparison.OrdinalIgnoreCase);
            text = closed < 0 ? text : text[(closed + close.Length)..];
            int opened = text.IndexOf(open, StringComparison.OrdinalIgnoreCase);
            text = opened < 0 ? text : text[..opened];
        }

        return text;
    }
}
