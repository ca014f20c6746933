using System.Collections.Immutable;

namespace ICPO.Actors.Tasks;

/// <summary>An expression with ± means two values; all its ± go together, and ∓ the other way.</summary>
internal static class PlusMinus
{
    public static bool IsIn(Node node) => node.Any(n => n is BinaryNode { Kind: BinaryKind.PlusMinus or BinaryKind.MinusPlus });

    public static (Node Upper, Node Lower) Expand(Node node) => (Choose(node, true), Choose(node, false));

    private static Node Choose(Node node, bool upper) => node switch
    {
        BinaryNode { Kind: BinaryKind.PlusMinus or BinaryKind.MinusPlus } binary =>
            new BinaryNode((binary.Kind == BinaryKind.PlusMinus) == upper ? BinaryKind.Add : BinaryKind.Subtract, Choose(binary.Left, upper), Choose(binary.Right, upper)),
        BinaryNode binary => binary with { Left = Choose(binary.Left, upper), Right = Choose(binary.Right, upper) },
        NegateNode negate => new NegateNode(Choose(negate.Value, upper)),
        PercentNode percent => new PercentNode(Choose(percent.Value, upper)),
        DegreeNode degree => new DegreeNode(Choose(degree.Value, upper)),
        QuantityNode quantity => quantity with { Value = Choose(quantity.Value, upper) },
        CallNode call => call with { Arguments = Choose(call.Arguments, upper) },
        SequenceNode sequence => sequence with { Items = Choose(sequence.Items, upper) },
        RelationNode relation => relation with { Operands = Choose(relation.Operands, upper) },
        _ => node,
    };

    private static ImmutableArray<Node> Choose(ImmutableArray<Node> nodes, bool upper) => [.. nodes.Select(n => Choose(n, upper))];
}
