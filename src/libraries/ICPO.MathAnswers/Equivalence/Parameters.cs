using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// "π/4 + kπ, k ∈ ℤ" is a family of values over a bound parameter: with n for k it is the same family; "2x + c, c ∈ ℝ" likewise. If only
/// one side declares its parameter, the only letter of the other side is its parameter.
/// </summary>
internal static class Parameters
{
    /// <summary>Both sides without "k ∈ ℤ", with the same letters if both declared some; null if neither did.</summary>
    public static (Node Left, Node Right)? Bind(Node left, Node right)
    {
        if (left is not SequenceNode && right is not SequenceNode)
        {
            return null;
        }

        return (Split(left), Split(right)) switch
        {
            ({ } a, { } b) => a.Letters.Count == b.Letters.Count && NodeText.Of(a.Range) == NodeText.Of(b.Range)
                ? (Bound(a), Bound(b))
                : null,
            ({ } a, null) => (Named(a, right), right),
            (null, { } b) => (left, Named(b, left)),
            _ => null,
        };
    }

    /// <summary>The family in the letters of the other side, where each has one letter that the other has not.</summary>
    private static Node Named(Declared declared, Node other)
    {
        if (declared.Letters is not [var letter])
        {
            return declared.Family;
        }

        SortedSet<string> own = Names(declared.Family),
            others = Names(other);
        string[] unknown = [.. others.Except(own)];
        return unknown is [var name] && !others.Contains(letter.Name)
            ? declared.Family.Replace(letter, new SymbolNode(name))
            : declared.Family;
    }

    private static SortedSet<string> Names(Node node)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        node.CollectVariables(names);
        return names;
    }

    private static Node Bound(Declared declared) =>
        declared
            .Letters.Index()
            .Aggregate(declared.Family, (family, letter) => family.Replace(letter.Item, new SymbolNode($"parameter {letter.Index}")));

    /// <summary>Splits a list with one "letters ∈ set" into the letters and the other items.</summary>
    private static Declared? Split(Node node)
    {
        if (node is SequenceNode { IsSet: true, Items: [SequenceNode { IsBare: true } inner] } set && Split(inner) is { } found)
        {
            return found with { Family = set with { Items = [found.Family] } };
        }

        if (
            node is not SequenceNode { IsBare: true } list
            || list.Items.Where(IsRange).ToArray() is not [RelationNode { Operands: [SymbolNode last, var range] } declaration]
        )
        {
            return null;
        }

        int at = list.Items.IndexOf(declaration);
        List<SymbolNode> letters = [last];
        while (at > 1 && list.Items[at - 1] is SymbolNode letter)
        {
            letters.Insert(0, letter);
            at--;
        }

        SequenceNode rest = list with { Items = list.Items.RemoveRange(at, letters.Count) };
        if (rest.Items.IsEmpty)
        {
            return null;
        }

        Node family = rest.Items.Length == 1 ? rest.Items[0] : rest;
        return letters.TrueForAll(l => family.Any(n => n == l)) ? new(family, letters, range) : null;
    }

    private static bool IsRange(Node node) =>
        node
            is RelationNode
            {
                Operators: ['∈'],
                Operands: [SymbolNode, SymbolNode { Name: "ℝ" or "Z" or "N" or "Q" or "C" or [_, '̲', ..] }]
            };

    private sealed record Declared(Node Family, List<SymbolNode> Letters, Node Range);
}
