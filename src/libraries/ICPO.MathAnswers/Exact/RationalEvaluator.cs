using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>The rational value of an expression for given values of its names; null if it has none.</summary>
internal sealed class RationalEvaluator(Budget budget)
{
    private const int MaxDepth = 60;

    private readonly Dictionary<string, Fraction> _values = new(StringComparer.Ordinal);
    private (BigInteger N, BigInteger Value) _factorial = (0, 1);
    private (BigInteger N, BigInteger K, BigInteger Value) _binomial = (0, 0, 1);
    private int _depth;

    public void Set(string name, Fraction value) => _values[name] = value;

    public void Forget(string name) => _values.Remove(name);

    public Fraction? Evaluate(Node node)
    {
        if (_depth >= MaxDepth || !budget.Spend())
        {
            return null;
        }

        _depth++;
        Fraction? value = node switch
        {
            NumberNode number => number.Value,
            SymbolNode symbol => _values.TryGetValue(symbol.Name, out Fraction known) ? known : null,
            NegateNode negate => Evaluate(negate.Value)?.Negate(),
            PercentNode percent => Evaluate(percent.Value) is { } whole ? Fraction.Divide(whole, Fraction.Of(100)) : null,
            BinaryNode binary => EvaluateBinary(binary),
            CallNode { Name: "sum" or "prod", Arguments.Length: 3 } series => Series.Evaluate(series, this, budget),
            CallNode { Name: "factorial", Arguments: [var argument] } => Factorial(Evaluate(argument)),
            CallNode { Name: "binomial", Arguments: [var n, var k] } => Binomial(Evaluate(n), Evaluate(k)),
            CallNode call => EvaluateCall(call),
            _ => null,
        };
        _depth--;
        return value;
    }

    private Fraction? EvaluateBinary(BinaryNode node)
    {
        if (Evaluate(node.Left) is not { } left || Evaluate(node.Right) is not { } right || !budget.Spend(Fraction.Work(left, right)))
        {
            return null;
        }

        return node.Kind switch
        {
            BinaryKind.Add => Fraction.Add(left, right),
            BinaryKind.Subtract => Fraction.Add(left, right.Negate()),
            BinaryKind.Multiply => Fraction.Multiply(left, right),
            BinaryKind.Divide => Fraction.Divide(left, right),
            BinaryKind.Power when right.IsInteger => Fraction.Power(left, right.Numerator),
            _ => null,
        };
    }

    private Fraction? EvaluateCall(CallNode call)
    {
        var values = new Fraction[call.Arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (Evaluate(call.Arguments[i]) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        return RationalFunctions.Apply(call.Name, values, budget);
    }

    /// <summary>n! from (n − 1)!, as the terms of a series need them.</summary>
    private Fraction? Factorial(Fraction? argument)
    {
        if (argument is not { IsInteger: true, Sign: >= 0 } n)
        {
            return null;
        }

        BigInteger steps = n.Numerator - _factorial.N;
        if (steps.Sign < 0 || steps > 64 || _factorial.Value.GetBitLength() > Fraction.MaxBits)
        {
            if (RationalFunctions.Apply("factorial", [n], budget) is not { } value)
            {
                return null;
            }

            _factorial = (n.Numerator, value.Numerator);
            return value;
        }

        if (!budget.Spend((int)(_factorial.Value.GetBitLength() / 1024)))
        {
            return null;
        }

        _factorial = (n.Numerator, _factorial.Value * Products.Of(_factorial.N + 1, n.Numerator, 1));
        return Fraction.Of(_factorial.Value);
    }

    /// <summary>A binomial from the one before it: with k − 1 or n − 1, as the terms of a series need them.</summary>
    private Fraction? Binomial(Fraction? top, Fraction? bottom)
    {
        if (top is not { IsInteger: true, Sign: >= 0 } n || bottom is not { IsInteger: true, Sign: >= 0 } k)
        {
            return null;
        }

        BigInteger? next = (n.Numerator - _binomial.N, k.Numerator - _binomial.K) switch
        {
            ({ IsZero: true }, { IsOne: true }) => _binomial.Value * (n.Numerator - k.Numerator + 1) / k.Numerator,
            ({ IsOne: true }, { IsZero: true }) when n.Numerator > k.Numerator => _binomial.Value
                * n.Numerator
                / (n.Numerator - k.Numerator),
            _ => null,
        };
        if (next is null && RationalFunctions.Apply("binomial", [n, k], budget) is { } value)
        {
            next = value.Numerator;
        }

        if (next is not { } known || known.GetBitLength() > Fraction.MaxBits || !budget.Spend((int)(known.GetBitLength() / 1024)))
        {
            return null;
        }

        _binomial = (n.Numerator, k.Numerator, known);
        return Fraction.Of(known);
    }
}
