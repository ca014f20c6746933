namespace ICPO.MathAnswers.Extraction;

/// <summary>An answer as it stands in a text.</summary>
/// <param name="Text">Its characters, without the box or dollar signs round them.</param>
/// <param name="IsPlain">It stands outside of formulas: letters are words.</param>
/// <param name="End">Where it ends in the text; the text's length means that a cut might have shortened it.</param>
internal readonly record struct Extracted(string Text, bool IsPlain, int End);
