using System.Collections.Immutable;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Compares relations. An equation that names a value ("x = 5", "f(x) = 2x") equals the value; two names must be the same. Other equations
/// are equal if they are multiples of each other, inequalities if they are positive multiples. Of a chain the first and last parts count; a
/// part after ≈ is only an approximation.
/// </summary>
internal sealed class RelationComparer(MathSettings settings, Budget budget, AnswerComparer answers, ScalarComparer scalars)
{
    public bool AreEqual(Node left, Node right) =>
        (left, right) switch
        {
            (RelationNode a, RelationNode b) => Compare(a, b),
            (RelationNode relation, _) => Compare(relation, right),
            (_, RelationNode relation) => Compare(relation, left),
            _ => false,
        };

    /// <summary>
    /// The name and the value of "name = … = value ≈ …"; a calculation without variables has no name, and its last part is the value.
    /// </summary>
    public static (Node? Name, Node Value)? Definition(RelationNode relation)
    {
        if (relation.Operators.Any(o => o is not ('=' or '≈' or '≡' or '→')))
        {
            return null;
        }

        if (relation.Operators is ['→'])
        {
            return null;
        }

        int last = relation.Operands.Length - 1;
        int rounded = relation.Operators.IndexOf('≈');
        if (rounded > 0 || (rounded == 0 && !relation.Operands[0].IsName()))
        {
            last = rounded;
        }

        Node first = relation.Operands[0],
            value = relation.Operands[last];
        if (last > 0 && Quantities.IsQuantity(first, value))
        {
            return (first, value);
        }

        if (last == 1 && value is not WordNode && (value.IsName() || Quantities.IsApplied(value)))
        {
            return (value, first);
        }

        if (last != 1 || !(first.HasVariables() || value.HasVariables()))
        {
            return (null, value);
        }

        return null;
    }

    private bool Compare(RelationNode relation, Node value)
    {
        if (relation is { Operators: ['∈'], Operands: [var member, var set] })
        {
            return member.IsName() && answers.AreEqual(set, value);
        }

        if (Definition(relation) is not { } definition || (!settings.NameMayBeLeftOut && definition.Name is not null))
        {
            return false;
        }

        // "x + 1 = y" may define y, but "y = x" does not show which of the two is asked.
        return answers.AreEqual(definition.Value, value)
            || (Rounding(relation) is { } rounded && answers.AreEqual(rounded, value))
            || (BoundNames.Match(definition.Name, definition.Value, value) is { } renamed && answers.AreEqual(renamed, value));
    }

    /// <summary>The 2.45 of "… = √6 ≈ 2.45", if √6 rounds to it.</summary>
    private NumberNode? Rounding(RelationNode relation) =>
        relation is { Operators: [.., '≈'], Operands: [.., var exact, NumberNode { Decimals: > 0 } rounded] }
        && scalars.RoundsTo(exact, rounded)
            ? rounded
            : null;

    private bool Compare(RelationNode left, RelationNode right)
    {
        if (left is { Operators: ['∈'], Operands: [var a, var first] } && right is { Operators: ['∈'], Operands: [var b, var second] })
        {
            return NodeText.Of(a) == NodeText.Of(b) && answers.AreEqual(first, second);
        }

        if (Definition(left) is { } x && Definition(right) is { } y)
        {
            if ((x.Name is null || y.Name is null || IsSameName(x.Name, y.Name)) && answers.AreEqual(x.Value, y.Value))
            {
                return true;
            }

            if (BoundNames.Match(x, y) is { } renamed && answers.AreEqual(x.Value, renamed))
            {
                return true;
            }

            if (x.Name is SymbolNode && y.Name is SymbolNode && !x.Value.HasVariables() && !y.Value.HasVariables())
            {
                return false;
            }
        }

        if (left.Operators.Length != right.Operators.Length)
        {
            return false;
        }

        return left.Operators.Length == 1 ? CompareSingle(left, right) : CompareChains(left, right) || CompareChains(left, Reverse(right));
    }

    /// <summary>y is f(x), and f ≡ 0 is f(x) = 0.</summary>
    private static bool IsSameName(Node left, Node right) =>
        NodeText.Of(left) == NodeText.Of(right)
        || (left is SymbolNode { Name: "y" } && IsFunction(right))
        || (right is SymbolNode { Name: "y" } && IsFunction(left))
        || (left is SymbolNode a && right is CallNode f && a.Name == f.Name)
        || (right is SymbolNode b && left is CallNode g && b.Name == g.Name);

    private static bool IsFunction(Node node) => node is CallNode { Name.Length: 1, Arguments: [SymbolNode { Name: "x" }] };

    private bool CompareSingle(RelationNode left, RelationNode right)
    {
        char sign = left.Operators[0],
            other = right.Operators[0];
        bool turned = sign.Turned() == other;
        if (sign != other && !turned)
        {
            return false;
        }

        bool inequality = sign is '<' or '>' or '≤' or '≥';
        Node a = Difference(left),
            b = inequality && sign != other ? Difference(Reverse(right)) : Difference(right);
        return budget.Spend(10)
            && (
                sign is '=' or '≠' || inequality
                    ? scalars.AreProportional(a, b, inequality) || (!inequality && SameSides(left, right))
                    : SameSides(left, right)
            );
    }

    /// <summary>The sides are equal pairwise, directly or swapped; used for equations of tuples and sets.</summary>
    private bool SameSides(RelationNode left, RelationNode right) =>
        (answers.AreEqual(left.Operands[0], right.Operands[0]) && answers.AreEqual(left.Operands[1], right.Operands[1]))
        || (
            left.Operators[0] == '='
            && answers.AreEqual(left.Operands[0], right.Operands[1])
            && answers.AreEqual(left.Operands[1], right.Operands[0])
        );

    private bool CompareChains(RelationNode left, RelationNode right) =>
        left.Operators.SequenceEqual(right.Operators) && left.Operands.Zip(right.Operands).All(p => answers.AreEqual(p.First, p.Second));

    private static RelationNode Reverse(RelationNode relation) =>
        new([.. relation.Operands.Reverse()], [.. relation.Operators.Reverse().Select(NodeFacts.Turned)]);

    private static BinaryNode Difference(RelationNode relation) => new(BinaryKind.Subtract, relation.Operands[0], relation.Operands[1]);

    /// <summary>(x, y) = (1, 2) as x = 1 and y = 2; null for other relations.</summary>
    public static SequenceNode? Split(Node node) =>
        node is RelationNode { Operators: ['='], Operands: [SequenceNode { Open: '(' } names, SequenceNode { Open: '(' } values] }
        && names.Items.Length == values.Items.Length
        && names.IsName()
            ? new(
                ' ',
                ' ',
                [.. names.Items.Zip(values.Items, (n, v) => (Node)new RelationNode(ImmutableArray.Create(n, v), ['=']))],
                Joint.And
            )
            : null;
}
