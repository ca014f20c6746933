namespace ICPO.MathAnswers.Numbers;

/// <summary>A number in a text.</summary>
/// <param name="Text">The number as written, readable by <see cref="Rational.Parse"/>.</param>
/// <param name="End">The index after its last character.</param>
public readonly record struct NumberMatch(string Text, int End);
