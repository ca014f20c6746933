using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>Values of variables.</summary>
/// <param name="Values">By name; exact as doubles.</param>
/// <param name="IsReal">Even roots and logarithms of negative numbers have no value.</param>
internal sealed record Point(Dictionary<string, double> Values, bool IsReal)
{
    public NumericEvaluator Evaluator(Budget budget) => new(Values, IsReal, budget);

    public BallEvaluator Evaluator(int precision, Budget budget) => new(Values, IsReal, precision, budget);
}
