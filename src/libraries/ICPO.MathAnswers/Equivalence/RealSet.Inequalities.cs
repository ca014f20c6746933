using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>The solution sets of equations and inequalities in one variable.</summary>
internal sealed partial record RealSet
{
    /// <summary>x &lt; a, a &lt; x ≤ b, x ≠ a, x ∈ S and |x| &lt; a, in one variable.</summary>
    private static RealSet? FromRelation(RelationNode relation, Budget budget)
    {
        if (relation is { Operators: ['∈'], Operands: [var member, var container] } && member.IsName())
        {
            return From(container, budget) is { } inner ? inner with { Variable = (member as SymbolNode)?.Name } : null;
        }

        RealSet result = All;
        string? variable = null;
        for (int i = 0; i < relation.Operators.Length; i++)
        {
            (Node left, char sign, Node right) = (relation.Operands[i], relation.Operators[i], relation.Operands[i + 1]);
            if ((!left.IsName() || left.IsReals()) && (right.IsName() || right is CallNode { Name: "abs" }))
            {
                (left, sign, right) = (right, sign.Turned(), left);
            }

            if (
                (left.IsName() ? Half(left, sign, right, budget) : Solve(new BinaryNode(BinaryKind.Subtract, left, right), sign, budget))
                is not
                ({ } unknown, { } half)
            )
            {
                return null;
            }

            string name = NodeText.Of(unknown);
            if (variable is not null && variable != name)
            {
                return null;
            }

            variable = name;
            result = Combine('∩', result, half);
        }

        return result with
        {
            Variable = variable,
        };
    }

    /// <summary>"name sign value", where the name can be |x|.</summary>
    private static (Node Unknown, RealSet Set)? Half(Node name, char sign, Node value, Budget budget)
    {
        if (name is CallNode { Name: "abs", Arguments: [SymbolNode inner] })
        {
            return Size(inner, inner, sign, value, budget) is { } set ? (inner, set) : null;
        }

        return End(value, sign is '≤' or '≥' or '=', budget) is { } end && Half(sign, end) is { } half ? (name, half) : null;
    }

    /// <summary>Solves "difference sign 0", linear in one variable or in one absolute value.</summary>
    private static (Node Unknown, RealSet Set)? Solve(Node difference, char sign, Budget budget)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        difference.CollectVariables(names);
        if (names.Count != 1 || names.Contains("ℝ"))
        {
            return null;
        }

        SymbolNode unknown = new(names.First());
        if (
            difference is BinaryNode { Kind: BinaryKind.Subtract, Left: CallNode { Name: "abs", Arguments: [var inner] }, Right: var bound }
            && Size(unknown, inner, sign, bound, budget) is { } size
        )
        {
            return (unknown, size);
        }

        return
            Root(difference, unknown, budget) is { } root
            && End(root.Value, sign is '≤' or '≥' or '=', budget) is { } end
            && Half(root.Rising ? sign : sign.Turned(), end) is { } half
            ? (unknown, half)
            : null;
    }

    /// <summary>The zero of a linear expression; null for others.</summary>
    private static (Node Value, bool Rising)? Root(Node line, SymbolNode unknown, Budget budget)
    {
        Node zero = At(0),
            slope = new BinaryNode(BinaryKind.Subtract, At(1), zero);
        double a = Number(zero),
            b = Number(slope);
        return
            b == 0
            || !double.IsFinite(a)
            || !double.IsFinite(b)
            || !((ReadOnlySpan<int>)[2, -3, 7, 50])
                .ToArray()
                .All(x => Math.Abs(Number(At(x)) - (a + (b * x))) <= 1e-9 * (Math.Abs(a) + Math.Abs(b)))
            ? null
            : (new BinaryNode(BinaryKind.Divide, new NegateNode(zero), slope), b > 0);

        Node At(int x) => line.Replace(unknown, new NumberNode(Fraction.Of(x)));

        double Number(Node node) =>
            new NumericEvaluator([], true, budget).Evaluate(node) is { Imaginary: 0, Real: var value } ? value : double.NaN;
    }

    /// <summary>|line| &lt; a is −a &lt; line &lt; a; |line| &gt; a is the complement of |line| ≤ a.</summary>
    private static RealSet? Size(SymbolNode unknown, Node line, char sign, Node bound, Budget budget)
    {
        if (
            bound.HasVariables()
            || End(bound, true, budget) is not { Number: >= 0 and < double.PositiveInfinity }
            || Root(new BinaryNode(BinaryKind.Subtract, line, bound), unknown, budget) is not { } upper
            || Root(new BinaryNode(BinaryKind.Add, line, bound), unknown, budget) is not { } lower
        )
        {
            return null;
        }

        bool closed = sign is '≤' or '≥' or '=';
        if (End(upper.Value, closed, budget) is not { } high || End(lower.Value, closed, budget) is not { } low)
        {
            return null;
        }

        (low, high) = low.Number <= high.Number ? (low, high) : (high, low);
        return sign switch
        {
            '<' or '≤' => Merge([new(low, high)], null),
            '>' or '≥' => Merge([new(MinusInfinity, low), new(high, PlusInfinity)], null),
            '=' => Merge([new(low, low), new(high, high)], null),
            _ => null,
        };
    }

    private static RealSet? Half(char sign, IntervalEnd end) =>
        sign switch
        {
            '<' or '≤' => new([new(MinusInfinity, end)]),
            '>' or '≥' => new([new(end, PlusInfinity)]),
            '=' => new([new(end, end)]),
            '≠' => new RealSet([new(end with { Closed = true }, end with { Closed = true })]).Complement(),
            _ => null,
        };
}
