using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Decides by grammar whether the left side of "=" is a quantity whose value the right side is, or one side of an equation to solve: names
/// and functions of names are quantities, and so are their sums, products and powers without numbers as coefficients.
/// </summary>
internal static class Quantities
{
    public static bool IsQuantity(Node left, Node value) =>
        left.IsName() || IsApplied(left) || IsDerivative(left) || (!value.HasVariables() && !IsZero(value) && IsMeasured(left));

    /// <summary>
    /// A function of names, a sum, an integral, a limit: sin A, f'(0), Σ a_k. Roots and powers of one unknown are equations.
    /// </summary>
    public static bool IsApplied(Node node) =>
        node switch
        {
            CallNode
            {
                Name: "root"
                    or "ln"
                    or "log"
                    or "lg"
                    or "exp"
                    or "factorial"
                    or "doublefactorial"
                    or "binomial"
                    or "abs"
                    or "floor"
                    or "ceil"
            } call => call.Any(IsNamed) || Names(call).Count > 1,
            CallNode { Name: "congruent" or "mod" } => false,
            CallNode call => call.HasVariables(),
            SequenceNode { Open: '[', Close: ']', Items: [var inner] } => inner.IsName(),
            BinaryNode { Kind: BinaryKind.Power, Right: NumberNode } power => IsNamed(power.Left) || IsApplied(power.Left),
            BinaryNode { Kind: not BinaryKind.Power } pair => IsPart(pair.Left) && IsPart(pair.Right),
            _ => false,
        };

    private static bool IsPart(Node node) => node.IsName() || IsApplied(node);

    /// <summary>
    /// a² + b², x³y: several names, numbers only as exponents, and all terms of the same degree; a² + b = 0 is an equation.
    /// </summary>
    private static bool IsMeasured(Node node) => Degree(node) is not null && Names(node).Count > 1;

    /// <summary>The degree in the names; null with coefficients or terms of several degrees.</summary>
    private static Fraction? Degree(Node node) =>
        node switch
        {
            BinaryNode { Kind: BinaryKind.Power, Right: NumberNode power } pair => Degree(pair.Left) is { } degree
                ? Fraction.Multiply(degree, power.Value)
                : null,
            BinaryNode { Kind: BinaryKind.Add or BinaryKind.Subtract } pair => Degree(pair.Left) is { } degree
            && degree == Degree(pair.Right)
                ? degree
                : null,
            BinaryNode { Kind: BinaryKind.Multiply } pair => Degree(pair.Left) is { } a && Degree(pair.Right) is { } b
                ? Fraction.Add(a, b)
                : null,
            BinaryNode { Kind: BinaryKind.Divide, Left: NumberNode { Value: var one }, Right: var below } when one == Fraction.One =>
                Degree(below)?.Negate(),
            BinaryNode { Kind: BinaryKind.Divide } pair => Degree(pair.Left) is { } a && Degree(pair.Right) is { } b
                ? Fraction.Add(a, b.Negate())
                : null,
            _ => IsPart(node) ? Fraction.One : null,
        };

    private static bool IsZero(Node node) => node is NumberNode { Value.IsZero: true };

    /// <summary>dy/dx, d²y/dx².</summary>
    private static bool IsDerivative(Node node) =>
        node is BinaryNode { Kind: BinaryKind.Divide } quotient && Starts(quotient.Left) && Starts(quotient.Right);

    private static bool Starts(Node node) =>
        node switch
        {
            SymbolNode symbol => symbol.Name is "d" or "partial",
            BinaryNode { Kind: BinaryKind.Multiply or BinaryKind.Power } pair => Starts(pair.Left),
            _ => false,
        };

    /// <summary>A name that does not stand for an unknown: A, θ, a_1, \vec a.</summary>
    private static bool IsNamed(Node node) => node is SymbolNode { Name: not ([>= 'a' and <= 'z'] or [_, '\'']) };

    private static SortedSet<string> Names(Node node)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        node.CollectVariables(names);
        return names;
    }
}
