using System.Collections.Immutable;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Queries and transformations of syntax trees.</summary>
internal static class NodeFacts
{
    /// <summary>The parts of a node, in order.</summary>
    public static IEnumerable<Node> Parts(this Node node) =>
        node switch
        {
            NegateNode negate => [negate.Value],
            PercentNode percent => [percent.Value],
            DegreeNode degree => [degree.Value],
            QuantityNode quantity => [quantity.Value],
            BinaryNode binary => [binary.Left, binary.Right],
            CallNode call => call.Arguments,
            RatioNode ratio => ratio.Parts,
            SequenceNode sequence => sequence.Items,
            MatrixNode matrix => matrix.Rows.SelectMany(r => r),
            RelationNode relation => relation.Operands,
            SetBuilderNode set => [set.Condition],
            SetOperationNode operation => [operation.Left, operation.Right],
            ChoiceNode choice => [choice.Rest],
            _ => [],
        };

    /// <summary>A copy of the node with a function applied to every part.</summary>
    public static Node MapParts(this Node node, Func<Node, Node> change)
    {
        return node switch
        {
            NegateNode negate => new NegateNode(change(negate.Value)),
            PercentNode percent => new PercentNode(change(percent.Value)),
            DegreeNode degree => new DegreeNode(change(degree.Value)),
            QuantityNode quantity => quantity with { Value = change(quantity.Value) },
            BinaryNode binary => binary with { Left = change(binary.Left), Right = change(binary.Right) },
            CallNode call => call with { Arguments = All(call.Arguments) },
            RatioNode ratio => ratio with { Parts = All(ratio.Parts) },
            SequenceNode sequence => sequence with { Items = All(sequence.Items) },
            MatrixNode matrix => new MatrixNode([.. matrix.Rows.Select(All)]),
            RelationNode relation => relation with { Operands = All(relation.Operands) },
            SetBuilderNode set => set with { Condition = change(set.Condition) },
            SetOperationNode operation => operation with { Left = change(operation.Left), Right = change(operation.Right) },
            ChoiceNode choice => choice with { Rest = change(choice.Rest) },
            _ => node,
        };

        ImmutableArray<Node> All(ImmutableArray<Node> nodes) => [.. nodes.Select(change)];
    }

    /// <summary>A copy of the tree with a symbol replaced.</summary>
    public static Node Replace(this Node node, SymbolNode symbol, Node other) =>
        node == symbol ? other : node.MapParts(p => p.Replace(symbol, other));

    public static bool Any(this Node node, Func<Node, bool> test) =>
        test(node)
        || node switch
        {
            NumberNode or SymbolNode or ConstantNode or WordNode or BasedNode => false,
            NegateNode negate => negate.Value.Any(test),
            BinaryNode binary => binary.Left.Any(test) || binary.Right.Any(test),
            CallNode call => Any(call.Arguments, test),
            SequenceNode sequence => Any(sequence.Items, test),
            RelationNode relation => Any(relation.Operands, test),
            _ => node.Parts().Any(p => p.Any(test)),
        };

    private static bool Any(ImmutableArray<Node> nodes, Func<Node, bool> test)
    {
        foreach (Node node in nodes)
        {
            if (node.Any(test))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Names of the variables in a tree.</summary>
    public static void CollectVariables(this Node node, SortedSet<string> names)
    {
        if (node is SymbolNode symbol)
        {
            names.Add(symbol.Name);
        }

        foreach (Node part in node.Parts())
        {
            part.CollectVariables(names);
        }
    }

    public static bool HasVariables(this Node node) => node.Any(n => n is SymbolNode);

    public static bool IsReals(this Node node) => node is SymbolNode { Name: "ℝ" };

    /// <summary>
    /// True for the left side of "=" if it only names the right side: x, f(x), AB, x + y, |AB|, (p, q), S : T, "area"; never with a number.
    /// </summary>
    public static bool IsName(this Node node) =>
        node switch
        {
            SymbolNode symbol => symbol.Name != "ℝ",
            WordNode => true,
            CallNode { Name: "abs" or "angle" or "det" } call => call.Arguments.All(a => a.IsName()),
            CallNode call => call.Name.Length == 1
                || call.Arguments is [SymbolNode, ..]
                    && !Notation.Functions.ContainsKey(call.Name)
                    && call.Name
                        is not (
                            "root"
                            or "factorial"
                            or "doublefactorial"
                            or "binomial"
                            or "floor"
                            or "ceil"
                            or "sum"
                            or "prod"
                            or "int"
                            or "lim"
                        ),
            BinaryNode { Kind: not BinaryKind.Power } quantity => quantity.Left.IsName() && quantity.Right.IsName(),
            SequenceNode { Open: '(' } tuple => tuple.Items.All(i => i.IsName()),
            RatioNode ratio => ratio.Parts.All(p => p.IsName()),
            _ => false,
        };

    /// <summary>The sign of an inequality with its sides swapped.</summary>
    public static char Turned(this char sign) =>
        sign switch
        {
            '<' => '>',
            '>' => '<',
            '≤' => '≥',
            '≥' => '≤',
            _ => sign,
        };

    private static int? Whole(Node node)
    {
        if (node is NumberNode { Value: { IsInteger: true } value } && value.Abs().Numerator < 100)
        {
            return (int)value.Numerator;
        }

        if (node is NegateNode negate)
        {
            return -Whole(negate.Value);
        }

        return null;
    }

    /// <summary>A decimal as written, with sign and power of ten: its value is known to its last digit only.</summary>
    public static NumberNode? AsDecimal(this Node node) =>
        node switch
        {
            NumberNode { Decimals: > 0 } number => number,
            CallNode { Name: LatexParser.Truncation, Arguments: [NumberNode number] } => number,
            NegateNode negate => negate.Value.AsDecimal() is { } number ? number with { Value = number.Value.Negate() } : null,
            BinaryNode
            {
                Kind: BinaryKind.Multiply,
                Left: NumberNode { Decimals: > 0 } number,
                Right: BinaryNode { Kind: BinaryKind.Power, Left: NumberNode ten, Right: var exponent }
            }
                when ten.Value == Fraction.Of(10)
                    && Whole(exponent) is { } power
                    && Fraction.Power(ten.Value, power) is { } scale
                    && Fraction.Multiply(number.Value, scale) is { } value => number with
            {
                Value = value,
                Decimals = Math.Max(0, number.Decimals - power),
            },
            _ => null,
        };
}
