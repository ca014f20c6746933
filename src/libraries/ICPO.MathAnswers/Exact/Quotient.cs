using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>A quotient of polynomials: the exact value of an expression. Not reduced; equality multiplies crosswise.</summary>
internal sealed record Quotient(Polynomial Top, Polynomial Bottom)
{
    private const int MaxExponent = 512;

    public static readonly Quotient One = new(Polynomial.One, Polynomial.One);

    public Fraction? Rational => Top.Rational is { } top && Bottom.Rational is { } bottom ? Fraction.Divide(top, bottom) : null;

    /// <summary>The only term, if there is exactly one.</summary>
    public (Monomial Monomial, Fraction Coefficient)? Single =>
        Top.Terms.Count == 1 && Bottom.Rational is { } bottom && Fraction.Divide(Top.Terms.First().Value, bottom) is { } coefficient
            ? (Top.Terms.First().Key, coefficient)
            : null;

    public static Quotient Of(Fraction value) => new(Polynomial.Of(value), Polynomial.One);

    public static Quotient Of(string generator) => Of(generator, Fraction.One);

    public static Quotient Of(string generator, Fraction exponent) =>
        new(Polynomial.Of(Monomial.Of(generator, exponent), Fraction.One), Polynomial.One);

    public static Quotient? Add(Quotient left, Quotient right, Budget budget)
    {
        if (ReferenceEquals(left.Bottom, right.Bottom) || (left.Bottom.Rational == Fraction.One && right.Bottom.Rational == Fraction.One))
        {
            return Polynomial.Add(left.Top, right.Top, budget) is { } sum ? new(sum, left.Bottom) : null;
        }

        return
            Polynomial.Multiply(left.Top, right.Bottom, budget) is { } a
            && Polynomial.Multiply(right.Top, left.Bottom, budget) is { } b
            && Polynomial.Add(a, b, budget) is { } top
            && Polynomial.Multiply(left.Bottom, right.Bottom, budget) is { } bottom
            ? Create(top, bottom)
            : null;
    }

    public static Quotient? Multiply(Quotient left, Quotient right, Budget budget) =>
        Polynomial.Multiply(left.Top, right.Top, budget) is { } top && Polynomial.Multiply(left.Bottom, right.Bottom, budget) is { } bottom
            ? Create(top, bottom)
            : null;

    public static Quotient? Divide(Quotient left, Quotient right, Budget budget)
    {
        if (right.Top.IsZero)
        {
            return null;
        }

        if (left.Rational is { } a && right.Rational is { } b)
        {
            return budget.Spend(1 + Fraction.Work(a, b)) && Fraction.Divide(a, b) is { } ratio ? Of(ratio) : null;
        }

        if (
            Polynomial.Multiply(left.Top, right.Bottom, budget) is { } top
            && Polynomial.Multiply(left.Bottom, right.Top, budget) is { } bottom
        )
        {
            return Create(top, bottom);
        }

        return null;
    }

    public static Quotient? Power(Quotient value, BigInteger exponent, Budget budget)
    {
        if (value.Rational is { } rational)
        {
            return Fraction.Power(rational, exponent) is { } power && budget.Spend(Fraction.Work(power, power) / 8) ? Of(power) : null;
        }

        if (BigInteger.Abs(exponent) > MaxExponent)
        {
            return
                value.Single is ({ Powers: [(var generator, var one)] }, var coefficient)
                && coefficient == Fraction.One
                && one == Fraction.One
                && generator[0] != '√'
                && generator != Monomial.Imaginary
                ? Of(generator, Fraction.Of(exponent))
                : null;
        }

        if (exponent.Sign < 0)
        {
            return value.Top.IsZero ? null : Power(new(value.Bottom, value.Top), -exponent, budget);
        }

        Quotient? result = One;
        for (int i = 0; i < (int)exponent && result is not null; i++)
        {
            result = Multiply(result, value, budget);
        }

        return result;
    }

    /// <summary>Null if the budget is exceeded, or if generators might depend on each other.</summary>
    public static bool? AreEqual(Quotient left, Quotient right, Budget budget)
    {
        if (left.Rational is { } a && right.Rational is { } b)
        {
            return a == b;
        }

        if (
            Polynomial.Multiply(left.Top, right.Bottom, budget) is not { } x
            || Polynomial.Multiply(right.Top, left.Bottom, budget) is not { } y
            || Polynomial.Add(x, y.Negate(), budget) is not { } difference
        )
        {
            return null;
        }

        if (difference.IsZero)
        {
            return true;
        }

        bool mayDepend = x.Terms.Keys.Concat(y.Terms.Keys).SelectMany(m => m.Uncertain).Distinct().Count() > 1;
        return mayDepend ? null : false;
    }

    public Quotient Negate() => new(Top.Negate(), Bottom);

    /// <summary>A rational denominator moves into the numerator.</summary>
    private static Quotient? Create(Polynomial top, Polynomial bottom)
    {
        if (bottom.Rational is not { } coefficient)
        {
            return new(top, bottom);
        }

        if (coefficient == Fraction.One)
        {
            return new(top, Polynomial.One);
        }

        if (Fraction.Divide(Fraction.One, coefficient) is not { } inverse)
        {
            return bottom.IsZero ? null : new(top, bottom);
        }

        if (Polynomial.Multiply(top, Polynomial.Of(inverse), new(200_000)) is { } scaled)
        {
            return new(scaled, Polynomial.One);
        }

        return null;
    }
}
