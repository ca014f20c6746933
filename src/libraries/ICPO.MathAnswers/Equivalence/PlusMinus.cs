using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>An expression with ± means two values; all its ± have the same sign, and all its ∓ the opposite one.</summary>
internal static class PlusMinus
{
    public static bool IsIn(Node node) => node.Any(n => n is BinaryNode { Kind: BinaryKind.PlusMinus or BinaryKind.MinusPlus });

    public static (Node Upper, Node Lower) Expand(Node node) => (Choose(node, true), Choose(node, false));

    private static Node Choose(Node node, bool upper) =>
        node.MapParts(p => Choose(p, upper)) is var chosen
        && chosen is BinaryNode { Kind: BinaryKind.PlusMinus or BinaryKind.MinusPlus } binary
            ? binary with
            {
                Kind = (binary.Kind == BinaryKind.PlusMinus) == upper ? BinaryKind.Add : BinaryKind.Subtract,
            }
            : chosen;
}
