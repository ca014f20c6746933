using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>An end of an interval.</summary>
/// <param name="Value">Its expression.</param>
/// <param name="Number">Its numeric value, for ordering; ±∞ for an unbounded side.</param>
/// <param name="Closed">True if the end belongs to the interval.</param>
internal sealed record IntervalEnd(Node Value, double Number, bool Closed);
