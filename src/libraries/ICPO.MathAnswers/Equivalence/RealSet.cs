using System.Collections.Immutable;
using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>An end of an interval: its expression, its value for ordering, and whether it belongs to the interval.</summary>
internal sealed record IntervalEnd(Node Value, double Number, bool Closed);

internal sealed record RealInterval(IntervalEnd Low, IntervalEnd High)
{
    public bool IsEmpty => Low.Number > High.Number || (Low.Number == High.Number && !(Low.Closed && High.Closed));
}

/// <summary>A finite union of intervals, sorted and merged; <paramref name="Variable"/> is set where an inequality names one.</summary>
internal sealed record RealSet(ImmutableArray<RealInterval> Intervals, string? Variable = null)
{
    private static readonly ConstantNode Infinity = new(ConstantKind.Infinity);
    private static readonly IntervalEnd Least = new(new NegateNode(Infinity), double.NegativeInfinity, false);
    private static readonly IntervalEnd Greatest = new(Infinity, double.PositiveInfinity, false);

    public static RealSet All { get; } = new([new(Least, Greatest)]);

    public static RealSet Empty { get; } = new([]);

    /// <summary>The set a node describes; null for what is no set of real numbers.</summary>
    public static RealSet? From(Node node, Budget budget) =>
        !budget.Spend(20)
            ? null
            : node switch
            {
                _ when node.IsReals() => All,
                WordNode { Text: "all real numbers" or "all reals" or "r" } => All,
                SequenceNode { IsSet: true } set => FromPoints(set.Items, budget),
                SequenceNode { CanBeInterval: true } interval => FromInterval(interval, budget),
                SequenceNode { IsBare: true } list => FromList(list, budget),
                SetOperationNode operation => From(operation.Left, budget) is { } left && From(operation.Right, budget) is { } right
                    ? Combine(operation.Operator, left, right)
                    : null,
                RelationNode relation => FromRelation(relation, budget),
                _ => null,
            };

    /// <summary>True where a node can only mean a set of numbers, so that brackets on the other side are intervals.</summary>
    public static bool IsDefinite(Node node) =>
        node switch
        {
            SetOperationNode => true,
            SequenceNode { CanBeInterval: true } pair => pair.Open == '['
                || pair.Close == ']'
                || pair.Any(n => n is ConstantNode { Kind: ConstantKind.Infinity }),
            RelationNode relation => relation.Operators.Any(o => o is '<' or '>' or '≤' or '≥' or '≠' or '∈'),
            SequenceNode { IsBare: true } list => list.Items.Any(i => i is RelationNode or SetOperationNode && IsDefinite(i)),
            _ => node.IsReals(),
        };

    public RealSet Complement()
    {
        List<RealInterval> rest = [];
        IntervalEnd low = Least;
        foreach (RealInterval interval in Intervals)
        {
            RealInterval gap = new(low, interval.Low with { Closed = !interval.Low.Closed && double.IsFinite(interval.Low.Number) });
            if (!gap.IsEmpty)
            {
                rest.Add(gap);
            }

            low = interval.High with { Closed = !interval.High.Closed && double.IsFinite(interval.High.Number) };
        }

        RealInterval last = new(low, Greatest);
        if (!last.IsEmpty && !double.IsPositiveInfinity(low.Number))
        {
            rest.Add(last);
        }

        return new([.. rest], Variable);
    }

    public static RealSet Combine(char operation, RealSet left, RealSet right) =>
        operation switch
        {
            '∪' => Merge([.. left.Intervals, .. right.Intervals], left.Variable ?? right.Variable),
            '∩' => Combine('∪', left.Complement(), right.Complement()).Complement(),
            _ => Combine('∩', left, right.Complement()),
        };

    private static RealSet Merge(IEnumerable<RealInterval> intervals, string? variable)
    {
        List<RealInterval> merged = [];
        foreach (RealInterval next in intervals.Where(i => !i.IsEmpty).OrderBy(i => i.Low.Number).ThenBy(i => i.Low.Closed ? 0 : 1))
        {
            if (
                merged.Count > 0
                && merged[^1].High is { } high
                && (next.Low.Number < high.Number || (next.Low.Number == high.Number && (next.Low.Closed || high.Closed)))
            )
            {
                bool further = next.High.Number > high.Number || (next.High.Number == high.Number && next.High.Closed);
                merged[^1] = merged[^1] with { High = further ? next.High : high };
            }
            else
            {
                merged.Add(next);
            }
        }

        return new([.. merged], variable);
    }

    private static IntervalEnd? End(Node value, bool closed, Budget budget)
    {
        if (value.HasVariables())
        {
            return null;
        }

        Complex number = new NumericEvaluator([], false, budget).Evaluate(value);
        return number.Imaginary != 0 || double.IsNaN(number.Real) ? null : new(value, number.Real, closed && double.IsFinite(number.Real));
    }

    private static RealSet? FromInterval(SequenceNode pair, Budget budget) =>
        End(pair.Items[0], pair.Open == '[', budget) is { } low
        && End(pair.Items[1], pair.Close == ']', budget) is { } high
        && (low.Number < high.Number || (low.Number == high.Number && low.Closed && high.Closed))
            ? Merge([new(low, high)], null)
            : null;

    private static RealSet? FromPoints(ImmutableArray<Node> items, Budget budget)
    {
        List<RealInterval> points = [];
        foreach (Node item in items)
        {
            foreach (Node value in PlusMinus.IsIn(item) ? [PlusMinus.Expand(item).Upper, PlusMinus.Expand(item).Lower] : new[] { item })
            {
                if (End(value, true, budget) is not { } point)
                {
                    return null;
                }

                points.Add(new(point, point));
            }
        }

        return Merge(points, null);
    }

    private static RealSet? FromList(SequenceNode list, Budget budget)
    {
        // "x > 0, x ≠ 1": what only excludes or says "a real number" holds for all the rest.
        Node[] restrictions =
        [
            .. list.Items.Where(i =>
                i is RelationNode { Operators: ['≠'] } or RelationNode { Operators: ['∈'], Operands: [_, SymbolNode { Name: "ℝ" }] }
            ),
        ];
        RealSet? result = restrictions.Length == list.Items.Length ? All : null;
        foreach (Node item in list.Items.Where(i => !restrictions.Contains(i)))
        {
            if (
                (item is RelationNode or SetOperationNode or SequenceNode ? From(item, budget) : null) is not { } set
                || (result?.Variable is { } name && set.Variable is { } other && name != other)
            )
            {
                return null;
            }

            result = result is null ? set : Combine(list.Joint == Joint.And ? '∩' : '∪', result, set);
        }

        foreach (Node restriction in restrictions)
        {
            if (From(restriction, budget) is not { } set || (result?.Variable is { } name && set.Variable is { } other && name != other))
            {
                return null;
            }

            result = Combine('∩', result ?? All, set) with { Variable = set.Variable };
        }

        return result;
    }

    /// <summary>x &lt; a, a &lt; x ≤ b, x ≠ a, x ∈ S, |x| &lt; a, with one variable standing alone.</summary>
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
    private static (Node Unknown, RealSet Set)? Half(Node name, char sign, Node value, Budget budget) =>
        name is CallNode { Name: "abs", Arguments: [SymbolNode inner] }
            ? Size(inner, inner, sign, value, budget) is { } set
                ? (inner, set)
                : null
            : End(value, sign is '≤' or '≥' or '=', budget) is { } end && Half(sign, end) is { } half
                ? (name, half)
                : null;

    /// <summary>"difference sign 0" of one variable that stands in it once to the first power, or in one absolute value.</summary>
    private static (Node Unknown, RealSet Set)? Solve(Node difference, char sign, Budget budget)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        difference.CollectVariables(names);
        if (names.Count != 1 || names.Contains("ℝ"))
        {
            return null;
        }

        SymbolNode unknown = new(names.First());
        return difference
                is BinaryNode { Kind: BinaryKind.Subtract, Left: CallNode { Name: "abs", Arguments: [var inner] }, Right: var bound }
            && Size(unknown, inner, sign, bound, budget) is { } size
                ? (unknown, size)
            : Root(difference, unknown, budget) is { } root
            && End(root.Value, sign is '≤' or '≥' or '=', budget) is { } end
            && Half(root.Rising ? sign : sign.Turned(), end) is { } half
                ? (unknown, half)
            : null;
    }

    /// <summary>Where an expression of the first degree is zero; null for others.</summary>
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

    /// <summary>|line| &lt; a is −a &lt; line &lt; a, |line| &gt; a is the rest of it.</summary>
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
            '>' or '≥' => Merge([new(Least, low), new(high, Greatest)], null),
            '=' => Merge([new(low, low), new(high, high)], null),
            _ => null,
        };
    }

    private static RealSet? Half(char sign, IntervalEnd end) =>
        sign switch
        {
            '<' or '≤' => new([new(Least, end)]),
            '>' or '≥' => new([new(end, Greatest)]),
            '=' => new([new(end, end)]),
            '≠' => new RealSet([new(end with { Closed = true }, end with { Closed = true })]).Complement(),
            _ => null,
        };
}
