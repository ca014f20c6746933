using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// The exact value of an expression, in the field of quotients over independent generators. Two values that both exist are equal exactly
/// when
/// they are equal as quotients (roots of primes are independent over ℚ; logarithms of primes, π and e are taken to be). What has no exact
/// form here (sin 1, √(1+x)) is null and is left to evaluation at points.
/// </summary>
internal sealed class ExactEvaluator(Budget budget)
{
    private int _depth;

    public Quotient? Evaluate(Node node)
    {
        if (++_depth > 200 || !budget.Spend())
        {
            return null;
        }

        Quotient? value = node switch
        {
            NumberNode number => Quotient.Of(number.Value),
            SymbolNode symbol => Quotient.Of("x" + symbol.Name),
            ConstantNode { Kind: ConstantKind.Pi } => Quotient.Of("π"),
            ConstantNode { Kind: ConstantKind.E } => Quotient.Of("e"),
            ConstantNode { Kind: ConstantKind.I } => Quotient.Of(Monomial.Imaginary),
            NegateNode negate => Evaluate(negate.Value)?.Negate(),
            PercentNode percent => Evaluate(percent.Value) is { } whole
                ? Quotient.Divide(whole, Quotient.Of(Fraction.Of(100)), budget)
                : null,
            DegreeNode degree => Evaluate(degree.Value) is { } angle && Fraction.Create(1, 180) is { } turn
                ? Quotient.Multiply(angle, new(Polynomial.Of(Monomial.Of("π", Fraction.One), turn), Polynomial.One), budget)
                : null,
            BasedNode based => Quotient.Of(based.Value),
            QuantityNode quantity => Evaluate(quantity.Value),
            RatioNode { Parts: [var first, var second] } => EvaluateBinary(new(BinaryKind.Divide, first, second)),
            BinaryNode binary => EvaluateBinary(binary),
            CallNode call => EvaluateCall(call),
            _ => null,
        };
        _depth--;
        return value;
    }

    private Quotient? EvaluateBinary(BinaryNode node)
    {
        if (
            node.Kind is BinaryKind.PlusMinus or BinaryKind.MinusPlus
            || Evaluate(node.Left) is not { } left
            || Evaluate(node.Right) is not { } right
        )
        {
            return null;
        }

        return node.Kind switch
        {
            BinaryKind.Add => Quotient.Add(left, right, budget),
            BinaryKind.Subtract => Quotient.Add(left, right.Negate(), budget),
            BinaryKind.Multiply => Quotient.Multiply(left, right, budget),
            BinaryKind.Divide => Quotient.Divide(left, right, budget),
            _ => Power(left, right),
        };
    }

    private Quotient? Power(Quotient value, Quotient exponent) =>
        exponent.Rational is not { } rational ? SymbolicPower(value, exponent)
        : rational.IsInteger ? Quotient.Power(value, rational.Numerator, budget)
        : rational.Denominator <= 24 && Root(value, (int)rational.Denominator) is { } root
            ? Quotient.Power(root, rational.Numerator, budget)
        : null;

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
        else if (value.Rational is { Sign: > 0 } rational && PrimeFactors.Of(rational, budget) is { } factors)
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

                Quotient? power =
                    monomial.IsUnit ? Power(number, Quotient.Of(scaled))
                    : exponentOfE.LogarithmOf is { } prime ? Power(Quotient.Of(Fraction.Of(prime)), Quotient.Of(scaled))
                    : Quotient.Of($"e^({exponentOfE.Key})", scaled);
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
            // √(πx) would need to know the sign of x.
            return null;
        }

        bool negative = single.Coefficient.Sign < 0;
        if (
            (negative && order % 2 == 0 && order != 2)
            || (negative && order == 2 && !single.Monomial.IsUnit)
            || PrimeFactors.Of(single.Coefficient.Abs(), budget) is not { } factors
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

        return !negative || result is null ? result
            : order == 2 ? Quotient.Multiply(result, Quotient.Of(Monomial.Imaginary), budget)
            : result.Negate();
    }

    private Quotient? EvaluateCall(CallNode call)
    {
        switch (call.Name, call.Arguments.Length)
        {
            case ("root", 2):
                return
                    Evaluate(call.Arguments[0]) is { } radicand
                    && Evaluate(call.Arguments[1])?.Rational is { IsInteger: true } order
                    && order.Numerator <= 24
                    ? Root(radicand, (int)order.Numerator)
                    : null;
            case ("ln", 1):
                return Evaluate(call.Arguments[0]) is { } argument ? Logarithm(argument) : null;
            case ("exp", 1):
                return Evaluate(call.Arguments[0]) is { } power ? Power(Quotient.Of("e"), power) : null;
            case ("log", 1):
                return LogarithmTo(call.Arguments[0], Quotient.Of(Fraction.Of(10)));
            case ("log", 2):
                return Evaluate(call.Arguments[1]) is { } radix ? LogarithmTo(call.Arguments[0], radix) : null;
            case ("lg", 1):
                return LogarithmTo(call.Arguments[0], Quotient.Of(Fraction.Of(10)));
            default:
                return OfIntegers(call) is { } value ? Quotient.Of(value) : null;
        }
    }

    private Quotient? LogarithmTo(Node argument, Quotient radix) =>
        Evaluate(argument) is { } value && Logarithm(value) is { } top && Logarithm(radix) is { } bottom
            ? Quotient.Divide(top, bottom, budget)
            : null;

    /// <summary>A sum of logarithms of primes; of e^k it is k.</summary>
    private Quotient? Logarithm(Quotient value)
    {
        if (value.Single is not { Coefficient.Sign: > 0 } single || PrimeFactors.Of(single.Coefficient, budget) is not { } factors)
        {
            return null;
        }

        var sum = Quotient.Of(Fraction.Zero);
        foreach ((BigInteger prime, int exponent) in factors)
        {
            sum = sum is null
                ? null
                : Quotient.Add(
                    sum,
                    new(Polynomial.Of(Monomial.Of(Monomial.Logarithm(prime), Fraction.One), Fraction.Of(exponent)), Polynomial.One),
                    budget
                );
        }

        foreach ((string generator, Fraction exponent) in single.Monomial.Powers)
        {
            Quotient? part =
                generator == "e" ? Quotient.Of(exponent)
                : generator[0] == '√' ? new(Polynomial.Of(Monomial.Of($"ln{generator[1..]}", Fraction.One), exponent), Polynomial.One)
                : null;
            sum = sum is null || part is null ? null : Quotient.Add(sum, part, budget);
        }

        return sum;
    }

    /// <summary>Functions of rational numbers whose values are rational.</summary>
    private Fraction? OfIntegers(CallNode call)
    {
        var values = new Fraction[call.Arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (call.Arguments[i] is MatrixNode || Evaluate(call.Arguments[i])?.Rational is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        return (call.Name, values) switch
        {
            ("abs", [var x]) => x.Abs(),
            ("floor", [var x]) => Fraction.Of(x.Floor()),
            ("ceil", [var x]) => Fraction.Of(-x.Negate().Floor()),
            ("sgn", [var x]) => Fraction.Of(x.Sign),
            ("factorial", [{ IsInteger: true, Sign: >= 0 } n]) when n.Numerator <= 1000 => Product(1, (int)n.Numerator),
            ("doublefactorial", [{ IsInteger: true, Sign: >= 0 } n]) when n.Numerator <= 1000 => Product(
                n.Numerator.IsEven ? 2 : 1,
                (int)n.Numerator,
                2
            ),
            ("binomial", [{ IsInteger: true, Sign: >= 0 } n, { IsInteger: true, Sign: >= 0 } k]) when n.Numerator <= 1000 => k.CompareTo(n)
            > 0
                ? Fraction.Zero
            : Product((int)(n.Numerator - k.Numerator) + 1, (int)n.Numerator) is { } top && Product(1, (int)k.Numerator) is { } bottom
                ? Fraction.Divide(top, bottom)
            : null,
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
    }

    private Fraction? Product(int from, int to, int step = 1)
    {
        if (!budget.Spend(Math.Max(0, to - from)))
        {
            return null;
        }

        BigInteger product = 1;
        for (int i = from; i <= to; i += step)
        {
            product *= i;
        }

        return Fraction.Create(product, 1);
    }
}
