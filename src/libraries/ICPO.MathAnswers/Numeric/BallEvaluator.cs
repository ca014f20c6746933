using ICPO.MathAnswers.Balls;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Numeric;

/// <summary>
/// The value of an expression as <see cref="NumericEvaluator"/> defines it, with any precision and a bound of its error; undefined if the
/// error leaves it undecided.
/// </summary>
/// <param name="variables">Values of the variables; doubles are exact numbers here.</param>
/// <param name="real">Even roots and logarithms of negative numbers are undefined.</param>
/// <param name="precision">Bits of every intermediate result.</param>
/// <param name="budget">The budget that operations consume.</param>
internal sealed class BallEvaluator(Dictionary<string, double> variables, bool real, int precision, Budget budget)
{
    private const int MaxSummands = 2000;

    private readonly BallMath _math = new(precision, budget);
    private ComplexMath? _complex;
    private int _depth;

    public BallMath Real => _math;

    public ComplexMath Complex => _complex ??= new(_math);

    public ComplexBall Evaluate(Node node)
    {
        if (++_depth > 200 || !budget.Spend())
        {
            _depth--;
            return ComplexBall.None;
        }

        ComplexBall value = node switch
        {
            NumberNode number => _math.Of(number.Value),
            SymbolNode symbol => variables.TryGetValue(symbol.Name, out double bound) ? Dyadic.Of(bound) : ComplexBall.None,
            ConstantNode { Kind: ConstantKind.Pi } => _math.Pi(),
            ConstantNode { Kind: ConstantKind.E } => _math.Exp(Ball.One),
            ConstantNode { Kind: ConstantKind.I } => new(Ball.Zero, Ball.One),
            NegateNode negate => Evaluate(negate.Value).Negate(),
            PercentNode percent => Complex.Divide(Evaluate(percent.Value), Ball.Of(100)),
            DegreeNode degree => Complex.Multiply(Evaluate(degree.Value), _math.Divide(_math.Pi(), Ball.Of(180))),
            BasedNode based => _math.Of(based.Value),
            QuantityNode quantity => Evaluate(quantity.Value),
            RatioNode { Parts: [var first, var second] } => Complex.Divide(Evaluate(first), Evaluate(second)),
            BinaryNode binary => EvaluateBinary(binary),
            CallNode call => EvaluateCall(call),
            _ => ComplexBall.None,
        };
        _depth--;
        return value;
    }

    private ComplexBall EvaluateBinary(BinaryNode node)
    {
        ComplexBall left = Evaluate(node.Left),
            right = Evaluate(node.Right);
        return node.Kind switch
        {
            BinaryKind.Add => Complex.Add(left, right),
            BinaryKind.Subtract => Complex.Subtract(left, right),
            BinaryKind.Multiply => Complex.Multiply(left, right),
            BinaryKind.Divide => Complex.Divide(left, right),
            BinaryKind.Power => Power(node, left, right),
            _ => ComplexBall.None,
        };
    }

    private ComplexBall Power(BinaryNode node, ComplexBall value, ComplexBall exponent) =>
        node.Left is ConstantNode { Kind: ConstantKind.E } ? Complex.Exp(exponent) : Complex.Power(value, exponent, real);

    private ComplexBall EvaluateCall(CallNode call)
    {
        if (call.Name is "det" or "congruent")
        {
            return ComplexBall.None;
        }

        if (NumericEvaluator.BigOperators.Contains(call.Name))
        {
            return call.Name is "sum" or "prod" && EvaluateSeries(call) is { } sum ? sum : EvaluateOperator(call);
        }

        var values = new ComplexBall[call.Arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(call.Arguments[i]);
            if (values[i].IsNone)
            {
                return ComplexBall.None;
            }
        }

        return values switch
        {
            [var x] when Complex.Apply(call.Name, x, real) is { } value => value,
            [var x, var y] when Complex.Apply(call.Name, x, y, real) is { } value => value,
            [_, ..] when call.Name is "max" or "min" => Extreme(values, call.Name == "max"),
            _ => Opaque(call.Name, values),
        };
    }

    private ComplexBall Extreme(ComplexBall[] values, bool largest)
    {
        Ball best = values[0].Real;
        foreach (ComplexBall value in values.Skip(1))
        {
            Ball difference = _math.Subtract(value.Real, best);
            if (!value.IsReal || (difference.MayBeZero && !difference.IsZero))
            {
                return ComplexBall.None;
            }

            best = difference.IsPositive == largest ? value.Real : best;
        }

        return best;
    }

    private ComplexBall? EvaluateSeries(CallNode call)
    {
        if (
            call.Arguments is not [var body, RelationNode { Operands: [SymbolNode index, var from], Operators: ['='] }, var to]
            || Evaluate(from).Real.Floor() is not { } first
            || Evaluate(to).Real.Floor() is not { } last
            || last - first >= MaxSummands
        )
        {
            return null;
        }

        double? outer = variables.TryGetValue(index.Name, out double bound) ? bound : null;
        ComplexBall result = call.Name == "sum" ? Ball.Zero : Ball.One;
        for (int k = (int)first; k <= last && !result.IsNone; k++)
        {
            variables[index.Name] = k;
            ComplexBall value = Evaluate(body);
            result = call.Name == "sum" ? Complex.Add(result, value) : Complex.Multiply(result, value);
        }

        NumericEvaluator.Restore(variables, index.Name, outer);
        return result;
    }

    /// <summary>As <see cref="NumericEvaluator"/> does: a smooth function of the body at two values of the index.</summary>
    private ComplexBall EvaluateOperator(CallNode call)
    {
        List<ComplexBall> values = [];
        SymbolNode? index = NumericEvaluator.IndexOf(call);
        double? outer = index is not null && variables.TryGetValue(index.Name, out double value) ? value : null;
        foreach (int place in (ReadOnlySpan<int>)[1, 2])
        {
            if (index is not null)
            {
                variables[index.Name] = 1 + Seeded.Unit(index.Name, place);
            }

            values.Add(Evaluate(call.Arguments[0]));
        }

        if (index is not null)
        {
            NumericEvaluator.Restore(variables, index.Name, outer);
        }

        return values.Exists(v => v.IsNone) ? ComplexBall.None : Opaque(NumericEvaluator.NameOf(call), [.. values]);
    }

    private ComplexBall Opaque(string name, ComplexBall[] values)
    {
        ComplexBall sum = Dyadic.Of(Seeded.Unit(name, 17) * 6);
        for (int i = 0; i < values.Length; i++)
        {
            sum = Complex.Add(sum, Complex.Multiply(values[i], Dyadic.Of(1 + Seeded.Unit(name, i))));
        }

        return Complex.Add(Ball.Of(2), Complex.Cos(sum));
    }
}
