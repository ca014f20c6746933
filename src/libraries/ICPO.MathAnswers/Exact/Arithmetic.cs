using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>Numbers and the four operations on them, which need no generators.</summary>
internal static class Arithmetic
{
    private const int MaxDepth = 60;

    /// <summary>The value; null if the expression has anything else in it, or no value.</summary>
    public static Fraction? Evaluate(Node node, Budget budget, int depth = 0) =>
        depth > MaxDepth || !budget.Spend()
            ? null
            : node switch
            {
                NumberNode number => number.Value,
                NegateNode negate => Evaluate(negate.Value, budget, depth + 1)?.Negate(),
                BinaryNode { Kind: BinaryKind.Add or BinaryKind.Subtract or BinaryKind.Multiply or BinaryKind.Divide } binary => Apply(
                    binary,
                    budget,
                    depth + 1
                ),
                _ => null,
            };

    private static Fraction? Apply(BinaryNode node, Budget budget, int depth)
    {
        if (
            Evaluate(node.Left, budget, depth) is not { } left
            || Evaluate(node.Right, budget, depth) is not { } right
            || !budget.Spend(Fraction.Work(left, right))
        )
        {
            return null;
        }

        return node.Kind switch
        {
            BinaryKind.Add => Fraction.Add(left, right),
            BinaryKind.Subtract => Fraction.Add(left, right.Negate()),
            BinaryKind.Multiply => Fraction.Multiply(left, right),
            _ => Fraction.Divide(left, right),
        };
    }
}
