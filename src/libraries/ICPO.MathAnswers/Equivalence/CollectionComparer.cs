using System.Collections.Immutable;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Compares several values. Sets and bare lists are unordered, tuples and intervals ordered. A set is not a tuple; a bare list equals a
/// set, and a tuple in the same order. A single value denotes its set. Parentheses are a point or an open interval depending on the other
/// side; square brackets around two values are an interval, never a point.
/// </summary>
internal sealed class CollectionComparer(MathSettings settings, AnswerComparer answers)
{
    private const int MaxItems = 64;

    public bool AreEqual(RealSet left, RealSet right) =>
        (left.Variable is null || right.Variable is null || left.Variable == right.Variable)
        && left.Intervals.Length == right.Intervals.Length
        && left.Intervals.Zip(right.Intervals).All(p => AreEqual(p.First.Low, p.Second.Low) && AreEqual(p.First.High, p.Second.High));

    private bool AreEqual(IntervalEnd left, IntervalEnd right) =>
        left.Closed == right.Closed
        && (
            double.IsInfinity(left.Number) || double.IsInfinity(right.Number)
                ? left.Number == right.Number
                : answers.AreEqual(left.Value, right.Value)
        );

    public bool AreEqual(Node left, Node right)
    {
        SequenceNode a = AsSequence(left),
            b = AsSequence(right);
        if (a.Open == '⟨' || b.Open == '⟨' || MatrixAlgebra.Reduce(left) is not null || MatrixAlgebra.Reduce(right) is not null)
        {
            return CompareVectors(left, right);
        }

        bool ordered = IsOrdered(a),
            otherOrdered = IsOrdered(b);
        if (!ordered && !otherOrdered)
        {
            return CompareUnordered(a, b);
        }

        if (ordered && otherOrdered)
        {
            return SameBrackets(a, b) && CompareOrdered(a.Items, b.Items);
        }

        SequenceNode loose = ordered ? b : a,
            tuple = ordered ? a : b;
        return loose.IsBare
            && tuple.Open == '('
            && tuple.Close == ')'
            && loose.Items.Length > 1
            && CompareOrdered(ByName(loose.Items), tuple.Items);
    }

    /// <summary>"y = 1, x = 2" is the point (2, 1).</summary>
    private static ImmutableArray<Node> ByName(ImmutableArray<Node> items) =>
        items.All(i => i is RelationNode { Operators: ['='], Operands: [SymbolNode { Name.Length: 1 }, _] })
            ? [.. items.OrderBy(i => ((SymbolNode)((RelationNode)i).Operands[0]).Name, StringComparer.Ordinal)]
            : items;

    private static bool IsOrdered(SequenceNode sequence) => sequence.Open is '(' or '[';

    /// <summary>A value is a list of one item, with ± a list of two.</summary>
    private static SequenceNode AsSequence(Node node) =>
        node switch
        {
            SequenceNode sequence when !sequence.IsBare && !sequence.IsSet => sequence,
            SequenceNode sequence => sequence with { Items = [.. sequence.Items.SelectMany(Expand)] },
            _ => new(' ', ' ', [.. Expand(node)]),
        };

    private static IEnumerable<Node> Expand(Node node)
    {
        if (!PlusMinus.IsIn(node) || node is SequenceNode { IsBare: true })
        {
            return [node];
        }

        if (PlusMinus.Expand(node) is var (upper, lower))
        {
            return [upper, lower];
        }

        return [];
    }

    /// <summary>
    /// Brackets around two items denote an interval; around more items their kind is ignored, but they must match.
    /// </summary>
    private static bool SameBrackets(SequenceNode left, SequenceNode right) =>
        (left.Open == right.Open && left.Close == right.Close) || (left.Items.Length != 2 && IsMatched(left) && IsMatched(right));

    private static bool IsMatched(SequenceNode sequence) => (sequence.Open == '(') == (sequence.Close == ')');

    private bool CompareOrdered(ImmutableArray<Node> left, ImmutableArray<Node> right) =>
        left.Length == right.Length && left.Zip(right).All(p => answers.AreEqual(p.First, p.Second));

    private bool CompareUnordered(SequenceNode left, SequenceNode right)
    {
        List<Node> a = Items(left),
            b = Items(right);
        if (a.Count > MaxItems || b.Count > MaxItems)
        {
            return false;
        }

        if (left.IsSet || right.IsSet || a.Count != b.Count)
        {
            (a, b) = (Distinct(a), Distinct(b));
        }

        if (a.Count != b.Count)
        {
            return false;
        }

        foreach (Node item in a)
        {
            int at = b.FindIndex(other => answers.AreEqual(item, other));
            if (at < 0)
            {
                return false;
            }

            b.RemoveAt(at);
        }

        return true;
    }

    /// <summary>The items; only the values of "x = 1, x = 2" and "x = 1, 2", and the single equations of (x, y) = (1, 2).</summary>
    private static List<Node> Items(SequenceNode sequence)
    {
        if (Points(sequence) is { } points)
        {
            return points;
        }

        List<Node> items = [.. sequence.Items.SelectMany(i => RelationComparer.Split(i)?.Items ?? [i])];
        List<(Node? Name, Node Value)?> definitions =
        [
            .. items.Select(i => i is RelationNode relation ? RelationComparer.Definition(relation) : (null, i)),
        ];
        bool oneName =
            items.Count > 1
            && definitions.All(d => d is not null)
            && definitions.Where(d => d?.Name is not null).Select(d => NodeText.Of(d!.Value.Name!)).Distinct().Count() <= 1;
        return oneName ? [.. definitions.Select(d => d!.Value.Value)] : items;
    }

    private List<Node> Distinct(List<Node> items)
    {
        List<Node> distinct = [];
        foreach (Node item in items)
        {
            if (!distinct.Exists(known => answers.AreEqual(known, item)))
            {
                distinct.Add(item);
            }
        }

        return distinct;
    }

    private bool CompareVectors(Node left, Node right)
    {
        if (MatrixAlgebra.Reduce(left) is { } a && MatrixAlgebra.Reduce(right) is { } b)
        {
            return answers.AreEqual(a, b);
        }

        // [1, 2] compared with a column vector is its entries and not an interval; (1, 2) is a point.
        (Node tuple, Node vector) = left is SequenceNode { Open: '(' or '[' } ? (left, right) : (right, left);
        return tuple is SequenceNode { Open: '(' or '[' } point
            && (point.Close == ']' ? point.Open == '[' && vector is MatrixNode : settings.PointsAreVectors && point.Open == '(')
            && MatrixAlgebra.Reduce(vector) is { } column
            && answers.AreEqual(column, MatrixAlgebra.Reduce(point with { Open = '⟨', Close = '⟩' })!);
    }

    /// <summary>The points of "(x, y) = (1, 2), (3, 4)" and "(x, y) = (1, 2) or (x, y) = (3, 4)"; null for other lists.</summary>
    private static List<Node>? Points(SequenceNode sequence)
    {
        if (
            sequence.Items
                is not [RelationNode { Operands: [SequenceNode { Open: '(' } names, SequenceNode { Open: '(' }], Operators: ['='] }, _, ..]
            || !names.Items.All(n => n is SymbolNode)
        )
        {
            return null;
        }

        List<Node> points =
        [
            .. from item in sequence.Items
            let value = item is RelationNode { Operands: [var head, SequenceNode { Open: '(' } point], Operators: ['='] }
            && NodeText.Of(head) == NodeText.Of(names)
                ? point
                : item
            where value is SequenceNode { Open: '(' } tuple && tuple.Items.Length == names.Items.Length
            select value,
        ];
        return points.Count == sequence.Items.Length ? points : null;
    }
}
