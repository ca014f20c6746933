namespace ICPO.MathAnswers.Extraction;

/// <summary>An answer found in a text.</summary>
/// <param name="Text">The answer as written, without the enclosing box or dollar signs.</param>
/// <param name="IsPlain">True outside of formulas, where letters form words.</param>
/// <param name="End">Its end in the text; at the end of a truncated text the answer may be incomplete.</param>
internal readonly record struct Extracted(string Text, bool IsPlain, int End);
