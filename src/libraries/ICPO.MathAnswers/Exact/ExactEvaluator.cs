using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// The exact value of an expression in the field of quotients over independent generators. Two values are equal if and only if they are
/// equal as quotients (roots of primes are independent over ℚ; logarithms of primes, π and e are assumed to be). Expressions without an
/// exact form here (sin 1, √(1+x)) are null and are compared by numeric evaluation at points.
/// </summary>
internal sealed partial class ExactEvaluator(Budget budget)
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
            case ("sum" or "prod", 3):
                return Series.Evaluate(call, budget) is { } total ? Quotient.Of(total) : null;
            default:
                return EvaluateRational(call) is { } value ? Quotient.Of(value) : null;
        }
    }

    private Quotient? LogarithmTo(Node argument, Quotient radix) =>
        Evaluate(argument) is { } value && Logarithm(value) is { } top && Logarithm(radix) is { } bottom
            ? Quotient.Divide(top, bottom, budget)
            : null;

    /// <summary>A sum of logarithms of primes; k for e^k.</summary>
    private Quotient? Logarithm(Quotient value)
    {
        if (value.Single is not { Coefficient.Sign: > 0 } single || PrimeFactors.Find(single.Coefficient, budget) is not { } factors)
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
            Quotient? part;
            if (generator == "e")
            {
                part = Quotient.Of(exponent);
            }
            else if (generator[0] == '√')
            {
                part = new(Polynomial.Of(Monomial.Of($"ln{generator[1..]}", Fraction.One), exponent), Polynomial.One);
            }
            else
            {
                part = null;
            }

            sum = sum is null || part is null ? null : Quotient.Add(sum, part, budget);
        }

        return sum;
    }

    /// <summary>Functions of rational numbers with rational values.</summary>
    private Fraction? EvaluateRational(CallNode call)
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

        return RationalFunctions.Apply(call.Name, values, budget);
    }
}
