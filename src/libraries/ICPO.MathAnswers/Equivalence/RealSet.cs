using System.Collections.Immutable;
using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>A finite union of intervals.</summary>
/// <param name="Intervals">Sorted, disjoint and not adjacent.</param>
/// <param name="Variable">The variable, if an inequality describes the set.</param>
internal sealed partial record RealSet(ImmutableArray<RealInterval> Intervals, string? Variable = null)
{
    private static readonly ConstantNode Infinity = new(ConstantKind.Infinity);
    private static readonly IntervalEnd MinusInfinity = new(new NegateNode(Infinity), double.NegativeInfinity, false);
    private static readonly IntervalEnd PlusInfinity = new(Infinity, double.PositiveInfinity, false);

    public static RealSet All { get; } = new([new(MinusInfinity, PlusInfinity)]);

    public static RealSet Empty { get; } = new([]);

    /// <summary>The set that a node describes; null if it does not describe a set of real numbers.</summary>
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
                SetBuilderNode builder => From(builder.Condition, budget) is { } set
                && (set.Variable ?? builder.Bound.Name) == builder.Bound.Name
                    ? set with
                    {
                        Variable = null,
                    }
                    : null,
                _ => null,
            };

    /// <summary>True if a node can only be a set of numbers, so that brackets on the other side are intervals.</summary>
    public static bool IsDefinite(Node node) =>
        node switch
        {
            SetOperationNode => true,
            SequenceNode { CanBeInterval: true } pair => pair.Open == '['
                || pair.Close == ']'
                || pair.Any(n => n is ConstantNode { Kind: ConstantKind.Infinity }),
            RelationNode relation => relation.Operators.Any(o => o is '<' or '>' or '≤' or '≥' or '≠' or '∈'),
            SequenceNode { IsBare: true } list => list.Items.Any(i => i is RelationNode or SetOperationNode && IsDefinite(i)),
            SetBuilderNode builder => IsDefinite(builder.Condition),
            _ => node.IsReals(),
        };

    public RealSet Complement()
    {
        List<RealInterval> rest = [];
        IntervalEnd low = MinusInfinity;
        foreach (RealInterval interval in Intervals)
        {
            RealInterval gap = new(low, interval.Low with { Closed = !interval.Low.Closed && double.IsFinite(interval.Low.Number) });
            if (!gap.IsEmpty)
            {
                rest.Add(gap);
            }

            low = interval.High with { Closed = !interval.High.Closed && double.IsFinite(interval.High.Number) };
        }

        RealInterval last = new(low, PlusInfinity);
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
        // "x > 0, x ≠ 1": exclusions and "x is real" restrict the rest of the list.
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
                (item is RelationNode or SetBuilderNode or SetOperationNode or SequenceNode ? From(item, budget) : null) is not { } set
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
}
