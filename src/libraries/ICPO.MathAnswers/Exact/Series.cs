using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// Exact sums and products with rational terms between integers. Halves are combined recursively, so that operands have about the same
/// size; common divisors are removed while numbers are short, which helps if products telescope.
/// </summary>
internal sealed class Series
{
    private const int MaxTerms = 200_000;
    private const int MinReduced = 256;
    private const int MaxReduced = 16_384;

    private readonly RationalEvaluator _terms;
    private readonly Budget _budget;
    private readonly string _index;
    private readonly Node _body;
    private readonly bool _isSum;

    private Series(CallNode call, string index, RationalEvaluator terms, Budget budget) =>
        (_body, _isSum, _index, _terms, _budget) = (call.Arguments[0], call.Name == "sum", index, terms, budget);

    /// <summary>The value; null if a term is not rational, the limits are no integers, or the budget is exceeded.</summary>
    public static Fraction? Evaluate(CallNode call, Budget budget) => Evaluate(call, new RationalEvaluator(budget), budget);

    /// <summary>The value for the evaluator's values of outer indices.</summary>
    public static Fraction? Evaluate(CallNode call, RationalEvaluator terms, Budget budget)
    {
        if (
            call.Arguments is not [_, RelationNode { Operands: [SymbolNode index, var from], Operators: ['='] }, var to]
            || terms.Evaluate(from) is not { IsInteger: true } first
            || terms.Evaluate(to) is not { IsInteger: true } last
        )
        {
            return null;
        }

        if (first.Numerator > last.Numerator)
        {
            return call.Name == "sum" ? Fraction.Zero : Fraction.One;
        }

        BigInteger count = last.Numerator - first.Numerator + 1;
        if (call.Name == "sum" && PolynomialSum.Degree(call.Arguments[0], index.Name) is { } degree && degree + 1 < count)
        {
            return FirstTerms(call.Arguments[0], index.Name, first.Numerator, degree, terms) is { } values
                ? PolynomialSum.Of(values, count)
                : null;
        }

        if (count > MaxTerms + 1)
        {
            return null;
        }

        Series series = new(call, index.Name, terms, budget);
        Ratio? total = series.Combine(first.Numerator, last.Numerator);
        terms.Forget(index.Name);
        return total is { } ratio && budget.Spend(Work(ratio.Top, ratio.Bottom)) ? Fraction.Create(ratio.Top, ratio.Bottom) : null;
    }

    /// <summary>The first terms, one more than the degree; null if one has no value.</summary>
    private static Fraction[]? FirstTerms(Node term, string index, BigInteger first, int degree, RationalEvaluator terms)
    {
        var values = new Fraction[degree + 1];
        for (int i = 0; i <= degree; i++)
        {
            terms.Set(index, Fraction.Of(first + i));
            if (terms.Evaluate(term) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        terms.Forget(index);
        return values;
    }

    private Ratio? Combine(BigInteger from, BigInteger to)
    {
        if (from == to)
        {
            _terms.Set(_index, Fraction.Of(from));
            return _terms.Evaluate(_body) is { } term ? new(term.Numerator, term.Denominator) : null;
        }

        BigInteger half = (from + to) >> 1;
        if (Combine(from, half) is not { } left || Combine(half + 1, to) is not { } right)
        {
            return null;
        }

        long bits = Bits(left) + Bits(right);
        if (bits > 4 * Fraction.MaxBits || !_budget.Spend((int)(bits / 64 * (bits / 64) / 2048)))
        {
            return null;
        }

        return Reduced(_isSum ? Sum(left, right) : new(left.Top * right.Top, left.Bottom * right.Bottom));
    }

    /// <summary>Denominators such as k! divide each other.</summary>
    private static Ratio Sum(Ratio left, Ratio right)
    {
        if (left.Bottom == right.Bottom)
        {
            return new(left.Top + right.Top, left.Bottom);
        }

        if (right.Bottom.GetBitLength() > MinReduced)
        {
            var factor = BigInteger.DivRem(right.Bottom, left.Bottom, out BigInteger remainder);
            if (remainder.IsZero)
            {
                return new((left.Top * factor) + right.Top, right.Bottom);
            }
        }

        return new((left.Top * right.Bottom) + (right.Top * left.Bottom), left.Bottom * right.Bottom);
    }

    private Ratio? Reduced(Ratio ratio)
    {
        if (ratio.Bottom.IsOne || ratio.Bottom.GetBitLength() < MinReduced || Bits(ratio) > MaxReduced)
        {
            return ratio;
        }

        if (!_budget.Spend(Work(ratio.Top, ratio.Bottom)))
        {
            return null;
        }

        var divisor = BigInteger.GreatestCommonDivisor(ratio.Top, ratio.Bottom);
        return new(ratio.Top / divisor, ratio.Bottom / divisor);
    }

    private static long Bits(Ratio ratio) => ratio.Top.GetBitLength() + ratio.Bottom.GetBitLength();

    private static int Work(BigInteger left, BigInteger right) => Fraction.Work(Fraction.Of(left), Fraction.Of(right));

    private readonly record struct Ratio(BigInteger Top, BigInteger Bottom);
}
