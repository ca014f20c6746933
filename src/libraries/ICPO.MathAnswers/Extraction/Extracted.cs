using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>An answer found in a text.</summary>
/// <param name="Text">The answer as written, without the enclosing box or dollar signs.</param>
/// <param name="IsPlain">True outside of formulas, where letters form words.</param>
/// <param name="End">Its end in the text; at the end of a truncated text the answer may be incomplete.</param>
internal readonly record struct Extracted(string Text, bool IsPlain, int End)
{
    /// <summary>Its position in the text, including delimiters; known if it was found without an answer phrase.</summary>
    public (int Start, int End) Place { get; init; }

    /// <summary>True if its sentence does not determine the value: it equals only a gold answer of the same words.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Another value that the text names beside this one: both must be right.</summary>
    public (string Text, bool IsPlain)? Beside { get; init; }

    /// <summary>What <see cref="Answers.Read"/> makes of it with grouped digits, where that is known.</summary>
    public Node? Parsed { get; init; }

    /// <summary>What it means; null if it cannot be parsed.</summary>
    public Node? Read(NumberReading reading) =>
        reading == NumberReading.Grouped && Parsed is { } known ? known : Answers.Read(Text, reading, IsPlain);
}
