namespace ICPO.MathAnswers.Extraction;

/// <summary>Removes the reasoning block that precedes a model's answer.</summary>
internal static class Thoughts
{
    private static readonly (string Open, string Close)[] Marks =
    [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<reasoning>", "</reasoning>"),
    ];

    /// <summary>The text after the last closed block; for a block that is never closed, the text before it.</summary>
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
