using System.Collections.Immutable;

namespace ICPO.MathAnswers.Settings;

/// <summary>The marks around a model's thoughts.</summary>
public static class ThoughtMarks
{
    internal const int MaxLength = 80;

    /// <summary>The names that models are known to use.</summary>
    public static ImmutableArray<string> Default { get; } =
    [
        "think",
        "thinking",
        "thought",
        "thoughts",
        "reasoning",
        "reason",
        "reflection",
        "scratchpad",
        "analysis",
        "seed:think",
        "<|channel|>analysis<|message|> <|channel|>final<|message|>",
    ];

    /// <summary>Why a mark cannot be used; null if it can.</summary>
    public static string? Problem(string mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return mark.Length is 0 or > MaxLength || mark.Split(' ') is not { Length: 1 or 2 } parts || parts.Any(p => p.Length == 0)
            ? $"the thought mark '{mark}' is neither a name such as think nor two marks separated by a space, such as \"<a> </a>\""
            : null;
    }
}
