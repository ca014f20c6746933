using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// "π/4 + kπ, k ∈ ℤ" is a family of values over a bound parameter: with n for k it is the same family. If only one side declares its
/// parameter, the letters are left unchanged.
/// </summary>
internal static class Parameters
{
    private static readonly SymbolNode Bound = new("ℤ");

    /// <summary>Both sides without "k ∈ ℤ", with the same letter if both declared one; null if neither did.</summary>
    public static (Node Left, Node Right)? Bind(Node left, Node right) =>
        (Split(left), Split(right)) switch
        {
            ({ } a, { } b) => (a.Family.Replace(a.Letter, Bound), b.Family.Replace(b.Letter, Bound)),
            ({ } a, null) => (a.Family, right),
            (null, { } b) => (left, b.Family),
            _ => null,
        };

    /// <summary>Splits a list with one "letter ∈ ℤ" into the letter and the other items.</summary>
    private static (Node Family, SymbolNode Letter)? Split(Node node)
    {
        if (node is SequenceNode { IsSet: true, Items: [SequenceNode { IsBare: true } inner] } set && Split(inner) is { } found)
        {
            return (set with { Items = [found.Family] }, found.Letter);
        }

        if (
            node is not SequenceNode { IsBare: true } list
            || list.Items.Where(IsRange).ToArray() is not [RelationNode { Operands: [SymbolNode letter, _] } range]
        )
        {
            return null;
        }

        Node family = list.Items.Length == 2 ? list.Items.First(i => i != range) : list with { Items = list.Items.Remove(range) };
        return family.Any(n => n == letter) ? (family, letter) : null;
    }

    private static bool IsRange(Node node) =>
        node is RelationNode { Operators: ['∈'], Operands: [SymbolNode, SymbolNode { Name: "Z̲" or "Z" }] };
}
