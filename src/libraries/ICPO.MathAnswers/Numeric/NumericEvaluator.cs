using System.Collections.Frozen;
using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Numeric;

/// <summary>
/// The value of an expression in double precision for given values of its variables; NaN if it has none. Over the reals
/// (<paramref name="real"/>) even roots and logarithms of negative numbers have none; otherwise principal values are taken.
/// </summary>
internal sealed class NumericEvaluator(Dictionary<string, double> variables, bool real, Budget budget)
{
    private const int MaxSummands = 2000;

    /// <summary>Sums, integrals, limits: with an index below them.</summary>
    public static readonly FrozenSet<string> BigOperators = FrozenSet.Create(
        "sum",
        "prod",
        "lim",
        "int",
        "iint",
        "oint",
        "sup",
        "inf",
        "limsup",
        "liminf"
    );
    private static readonly Complex None = new(double.NaN, 0);
    private int _depth;

    public Complex Evaluate(Node node)
    {
        if (++_depth > 200 || !budget.Spend())
        {
            _depth--;
            return None;
        }

        Complex value = node switch
        {
            NumberNode number => number.Value.ToDouble(),
            SymbolNode symbol => variables.TryGetValue(symbol.Name, out double bound) ? bound : None,
            ConstantNode constant => constant.Kind switch
            {
                ConstantKind.Pi => Math.PI,
                ConstantKind.E => Math.E,
                ConstantKind.I => Complex.ImaginaryOne,
                _ => double.PositiveInfinity,
            },
            NegateNode negate => -Evaluate(negate.Value),
            PercentNode percent => Evaluate(percent.Value) / 100,
            DegreeNode degree => Evaluate(degree.Value) * (Math.PI / 180),
            BasedNode based => based.Value.ToDouble(),
            QuantityNode quantity => Evaluate(quantity.Value),
            RatioNode { Parts: [var first, var second] } => Divide(Evaluate(first), Evaluate(second)),
            BinaryNode binary => EvaluateBinary(binary),
            CallNode call => EvaluateCall(call),
            _ => None,
        };
        _depth--;
        return value.Imaginary == 0 ? value.Real : value; // Drops −0, which is below the branch cut of a root.
    }

    private Complex EvaluateBinary(BinaryNode node)
    {
        Complex left = Evaluate(node.Left),
            right = Evaluate(node.Right);
        return node.Kind switch
        {
            BinaryKind.Add => left + right,
            BinaryKind.Subtract => left - right,
            BinaryKind.Multiply => left.Imaginary == 0 && right.Imaginary == 0 ? left.Real * right.Real : left * right,
            BinaryKind.Divide => Divide(left, right),
            BinaryKind.Power => Power(left, right),
            _ => None,
        };
    }

    private static Complex Divide(Complex left, Complex right)
    {
        if (right == Complex.Zero)
        {
            return None;
        }

        if (left.Imaginary == 0 && right.Imaginary == 0)
        {
            return left.Real / right.Real;
        }

        return left / right;
    }

    private Complex Power(Complex value, Complex exponent)
    {
        if (value.Imaginary == 0 && exponent.Imaginary == 0)
        {
            double power = Math.Pow(value.Real, exponent.Real);
            if (!double.IsNaN(power) || double.IsNaN(value.Real) || double.IsNaN(exponent.Real))
            {
                return power;
            }

            if (real)
            {
                return None;
            }
        }

        if (exponent.Imaginary == 0 && exponent.Real == Math.Floor(exponent.Real) && Math.Abs(exponent.Real) <= 64)
        {
            Complex product = 1;
            for (int i = 0; i < Math.Abs(exponent.Real); i++)
            {
                product *= value;
            }

            return exponent.Real < 0 ? 1 / product : product;
        }

        return Complex.Pow(value, exponent);
    }

    private Complex EvaluateCall(CallNode call)
    {
        if (call.Name is "det" or "congruent")
        {
            return None;
        }

        if (BigOperators.Contains(call.Name))
        {
            return call.Name is "sum" or "prod" && EvaluateSeries(call) is { } sum ? sum : EvaluateOperator(call);
        }

        var values = new Complex[call.Arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(call.Arguments[i]);
            if (Complex.IsNaN(values[i]))
            {
                return None;
            }
        }

        return values switch
        {
            [var x] when ComplexFunctions.Apply(call.Name, x, real) is { } value => value,
            [var x, var y] when ComplexFunctions.Apply(call.Name, x, y, real) is { } value => value,
            [_, ..] when call.Name is "max" or "min" => call.Name == "max" ? values.Max(v => v.Real) : values.Min(v => v.Real),
            _ => ComplexFunctions.Opaque(call.Name, values),
        };
    }

    /// <summary>Σ and Π between integers that are not far apart.</summary>
    private Complex? EvaluateSeries(CallNode call)
    {
        if (call.Arguments is not [var body, RelationNode { Operands: [SymbolNode index, var from], Operators: ['='] }, var to])
        {
            return null;
        }

        Complex first = Evaluate(from),
            last = Evaluate(to);
        if (
            first.Imaginary != 0
            || last.Imaginary != 0
            || first.Real != Math.Floor(first.Real)
            || last.Real != Math.Floor(last.Real)
            || !(last.Real - first.Real < MaxSummands)
        )
        {
            return null;
        }

        bool bound = variables.TryGetValue(index.Name, out double outer);
        Complex result = call.Name == "sum" ? 0 : 1;
        for (double k = first.Real; k <= last.Real && !budget.IsSpent; k++)
        {
            variables[index.Name] = k;
            Complex value = Evaluate(body);
            result = call.Name == "sum" ? result + value : result * value;
        }

        Restore(variables, index.Name, bound ? outer : null);
        return budget.IsSpent ? None : result;
    }

    /// <summary>Gives a variable its former value.</summary>
    public static void Restore(Dictionary<string, double> variables, string name, double? value)
    {
        if (value is { } known)
        {
            variables[name] = known;
        }
        else
        {
            variables.Remove(name);
        }
    }

    /// <summary>
    /// Operators that are not computed (integrals, limits, infinite series) become a smooth function of their body at two values of the
    /// index: equal expressions get equal values.
    /// </summary>
    private Complex EvaluateOperator(CallNode call)
    {
        List<Complex> values = [];
        SymbolNode? index = IndexOf(call);
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
            Restore(variables, index.Name, outer);
        }

        return values.Exists(Complex.IsNaN) ? None : ComplexFunctions.Opaque(NameOf(call), [.. values]);
    }

    /// <summary>The index of an operator.</summary>
    public static SymbolNode? IndexOf(CallNode call) =>
        call.Arguments is [_, RelationNode { Operands: [SymbolNode bound, _] }, _] ? bound : null;

    /// <summary>A name that operators with equal limits share.</summary>
    public static string NameOf(CallNode call) => $"{call.Name} {string.Concat(call.Arguments.Skip(1).Select(NodeText.Of))}";
}
