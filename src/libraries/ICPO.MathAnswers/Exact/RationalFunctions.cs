using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>Named functions of rational numbers with rational values.</summary>
internal static class RationalFunctions
{
    /// <summary>Contests go to 10,000 and beyond.</summary>
    private const int MaxFactorial = 20_000;

    /// <summary>The value; null for an unknown function, arguments outside its domain, or if the budget is exceeded.</summary>
    public static Fraction? Apply(string name, Fraction[] values, Budget budget) =>
        (name, values) switch
        {
            ("abs", [var x]) => x.Abs(),
            ("floor", [var x]) => Fraction.Of(x.Floor()),
            ("ceil", [var x]) => Fraction.Of(-x.Negate().Floor()),
            ("sgn", [var x]) => Fraction.Of(x.Sign),
            ("factorial", [{ IsInteger: true, Sign: >= 0 } n]) => Factorial(n.Numerator, 1, budget),
            ("doublefactorial", [{ IsInteger: true, Sign: >= 0 } n]) => Factorial(n.Numerator, 2, budget),
            ("binomial", [{ IsInteger: true, Sign: >= 0 } n, { IsInteger: true, Sign: >= 0 } k]) => Binomial(
                n.Numerator,
                k.Numerator,
                budget
            ),
            ("mod", [{ IsInteger: true } a, { IsInteger: true, Sign: > 0 } m]) => Fraction.Of(
                ((a.Numerator % m.Numerator) + m.Numerator) % m.Numerator
            ),
            ("gcd", [{ IsInteger: true } a, { IsInteger: true } b]) => Fraction.Of(
                BigInteger.GreatestCommonDivisor(a.Numerator, b.Numerator)
            ),
            ("lcm", [{ IsInteger: true } a, { IsInteger: true } b]) when !a.IsZero && !b.IsZero => Fraction.Of(
                BigInteger.Abs(a.Numerator * b.Numerator) / BigInteger.GreatestCommonDivisor(a.Numerator, b.Numerator)
            ),
            ("max", [_, ..]) => values.Max(),
            ("min", [_, ..]) => values.Min(),
            _ => null,
        };

    /// <summary>n! for step 1, n!! for step 2.</summary>
    private static Fraction? Factorial(BigInteger n, int step, Budget budget) =>
        n <= MaxFactorial ? Product(step == 2 && n.IsEven ? 2 : 1, n, step, budget) : null;

    /// <summary>Of k and n − k the smaller one bounds the work, so n may be large.</summary>
    private static Fraction? Binomial(BigInteger n, BigInteger k, Budget budget)
    {
        if (k > n)
        {
            return Fraction.Zero;
        }

        k = BigInteger.Min(k, n - k);
        return k <= MaxFactorial && Product(n - k + 1, n, 1, budget) is { } top && Product(1, k, 1, budget) is { } bottom
            ? Fraction.Divide(top, bottom)
            : null;
    }

    private static Fraction? Product(BigInteger from, BigInteger to, int step, Budget budget)
    {
        var count = BigInteger.Max(0, (to - from) / step);
        return count * to.GetBitLength() <= Fraction.MaxBits && budget.Spend((int)count) ? Fraction.Of(Products.Of(from, to, step)) : null;
    }
}
