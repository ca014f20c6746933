namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Square brackets and braces around an operand only group: 2[x + 1] and ½{1 − 1/n}. A lone name, and a quotient or root in whole numbers,
/// need no brackets there; around them [ ] is the floor, and { } is left as it is (the fractional part).
/// </summary>
internal static class Grouping
{
    public static Node Resolve(Node node) =>
        node is SequenceNode { Open: '[', Close: ']', Items: [var only] } && IsFloor(only)
            ? new CallNode("floor", [Resolve(only)])
            : node.MapParts(part => Resolve(Takes(node, part) ? Content(node, part) : part));

    /// <summary>True if the part of a node can only be an operand there. "x = {3}" is a set, "x = [3 + y]" is not.</summary>
    private static bool Takes(Node parent, Node part) =>
        parent is NegateNode or PercentNode or DegreeNode or QuantityNode or BinaryNode or CallNode
        || (parent is RelationNode && part is SequenceNode { Open: '[' });

    private static Node Content(Node parent, Node part)
    {
        if (part is not SequenceNode { Items: [var inner] } group || inner is SequenceNode or RelationNode or SetOperationNode)
        {
            return part;
        }

        bool isNeeded = parent is CallNode or BinaryNode { Kind: BinaryKind.Power };
        return group switch
        {
            { Open: '[', Close: ']' } => IsFloor(inner) && (!isNeeded || inner is SymbolNode && parent is BinaryNode)
                ? new CallNode("floor", [inner])
                : inner,
            { Open: '⦃', Close: '⦄' } => IsFloor(inner) && !(isNeeded && parent is CallNode) ? part : inner,
            _ => part,
        };
    }

    private static bool IsFloor(Node node) =>
        node is SymbolNode { Name.Length: 1 }
        || (
            node is BinaryNode { Kind: BinaryKind.Divide } or CallNode { Name: "root" }
            && Names(node) is { Count: > 0 } names
            && names.All(n => n is "n" or "m" or "k" or "j" or "N" or "M" or "K")
        );

    private static SortedSet<string> Names(Node node)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        node.CollectVariables(names);
        return names;
    }
}
