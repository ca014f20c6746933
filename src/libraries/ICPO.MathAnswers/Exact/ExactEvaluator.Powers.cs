using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>Powers and roots.</summary>
internal sealed partial class ExactEvaluator
{
    private Quotient? Power(Quotient value, Quotient exponent)
    {
        if (exponent.Rational is not { } rational)
        {
            return SymbolicPower(value, exponent);
        }

        if (rational.IsInteger)
        {
            return Quotient.Power(value, rational.Numerator, budget);
        }

        return rational.Denominator <= 24 && Root(value, (int)rational.Denominator) is { } root
            ? Quotient.Power(root, rational.Numerator, budget)
            : null;
    }

    /// <summary>
    /// b^(c₁m₁ + c₂m₂ + …) for a positive rational b or b = e: one generator e^(m ln p) for each prime p and each m, so that 2^(ln 3) is
    /// 3^(ln 2).
    /// </summary>
    private Quotient? SymbolicPower(Quotient value, Quotient exponent)
    {
        if (
            exponent.Bottom.Rational != Fraction.One
            || exponent.Top.Terms.Keys.Any(m => m.Powers.Any(p => p.Generator == Monomial.Imaginary))
        )
        {
            return null;
        }

        List<(Monomial Logarithm, Quotient Value, int Exponent)> bases = [];
        if (value.Single is ({ Powers: [("e", var one)] }, var coefficient) && one == Fraction.One && coefficient == Fraction.One)
        {
            bases.Add((Monomial.Unit, value, 1));
        }
        else if (value.Rational is { Sign: > 0 } rational && PrimeFactors.Find(rational, budget) is { } factors)
        {
            bases.AddRange(
                factors.Select(f => (Monomial.Of(Monomial.Logarithm(f.Base), Fraction.One), Quotient.Of(Fraction.Of(f.Base)), f.Exponent))
            );
        }
        else
        {
            return null;
        }

        Quotient? result = Quotient.One;
        foreach ((Monomial logarithm, Quotient number, int times) in bases)
        {
            foreach ((Monomial monomial, Fraction factor) in exponent.Top.Terms)
            {
                if (
                    result is null
                    || Fraction.Multiply(factor, Fraction.Of(times)) is not { } scaled
                    || Monomial.Multiply(monomial, logarithm) is not ({ } exponentOfE, _)
                )
                {
                    return null;
                }

                Quotient? power;
                if (monomial.IsUnit)
                {
                    power = Power(number, Quotient.Of(scaled));
                }
                else if (exponentOfE.LogarithmOf is { } prime)
                {
                    power = Power(Quotient.Of(Fraction.Of(prime)), Quotient.Of(scaled));
                }
                else
                {
                    power = Quotient.Of($"e^({exponentOfE.Key})", scaled);
                }

                result = power is null ? null : Quotient.Multiply(result, power, budget);
            }
        }

        return result;
    }

    /// <summary>The real root of one term; for a negative number the odd root, or i times the square root.</summary>
    private Quotient? Root(Quotient value, int order)
    {
        if (order is < 1 or > 24 || value.Top.IsZero)
        {
            return order >= 1 && value.Top.IsZero ? value : null;
        }

        if (
            value.Single is not { } single
            || single.Monomial.Powers.Any(p => p.Exponent != Fraction.One || p.Generator[0] == '√' || p.Generator == Monomial.Imaginary)
            || single.Monomial.Powers.Count > 1
        )
        {
            // The sign of x in √(πx) is unknown.
            return null;
        }

        bool negative = single.Coefficient.Sign < 0;
        if (
            (negative && order % 2 == 0 && order != 2)
            || (negative && order == 2 && !single.Monomial.IsUnit)
            || PrimeFactors.Find(single.Coefficient.Abs(), budget) is not { } factors
        )
        {
            return null;
        }

        Quotient? result = Quotient.One;
        foreach ((BigInteger prime, int exponent) in factors)
        {
            int whole = (int)Math.Floor((double)exponent / order),
                rest = exponent - (whole * order);
            if (
                result is null
                || Fraction.Power(Fraction.Of(prime), whole) is not { } outside
                || Fraction.Create(rest, order) is not { } inside
            )
            {
                return null;
            }

            result = Quotient.Multiply(
                result,
                new(Polynomial.Of(Monomial.Of(Monomial.Prime(prime), inside), outside), Polynomial.One),
                budget
            );
        }

        foreach ((string generator, _) in single.Monomial.Powers)
        {
            result =
                result is null || Fraction.Create(1, order) is not { } part
                    ? null
                    : Quotient.Multiply(result, Quotient.Of(generator, part), budget);
        }

        if (!negative || result is null)
        {
            return result;
        }

        return order == 2 ? Quotient.Multiply(result, Quotient.Of(Monomial.Imaginary), budget) : result.Negate();
    }
}
