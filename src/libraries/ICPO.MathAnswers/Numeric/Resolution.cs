using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Numeric;

/// <summary>
/// The bits that are needed to resolve the smallest part of an expression: 1 + 1/1000! needs about 8,500. An upper estimate from the sizes
/// of its numbers and exponents.
/// </summary>
internal static class Resolution
{
    /// <summary>Larger expressions are not compared as numbers.</summary>
    public const double Max = 30_000;

    private const double OfVariable = 8;

    public static double Of(Node node) =>
        node switch
        {
            NumberNode number => number.Value.Numerator.GetBitLength() + number.Value.Denominator.GetBitLength(),
            BasedNode based => based.Value.Numerator.GetBitLength(),
            SymbolNode => OfVariable,
            ConstantNode => 2,
            PercentNode or DegreeNode => 9 + Parts(node),
            BinaryNode { Kind: BinaryKind.Power } power => OfPower(power.Left, power.Right),
            BinaryNode { Kind: BinaryKind.Multiply or BinaryKind.Divide } or RatioNode => Parts(node),
            BinaryNode binary => 1 + Math.Max(Of(binary.Left), Of(binary.Right)),
            CallNode call => OfCall(call),
            _ => Parts(node),
        };

    private static double OfPower(Node value, Node exponent) => Math.Max(1, Magnitude(exponent)) * Of(value) + Of(exponent);

    private static double OfCall(CallNode call) =>
        call switch
        {
            { Name: "exp" or "sinh" or "cosh", Arguments: [var x] } => (1.5 * Magnitude(x)) + Of(x),
            { Name: "factorial" or "doublefactorial", Arguments: [var n] } => Magnitude(n) is var size ? size * Math.Log2(size + 2) : 0,
            { Name: "binomial", Arguments: [var n, _] } => Magnitude(n),
            { Name: "sum", Arguments: [var body, var below, var above] } => 12 + Of(body) + Parts(below) + Of(above),
            { Name: "prod", Arguments: [var body, var below, var above] } => (Math.Max(1, Magnitude(above)) * Of(body)) + Parts(below),
            _ => 4 + Parts(call),
        };

    /// <summary>The absolute value; 16 with variables.</summary>
    private static double Magnitude(Node node)
    {
        if (node is NumberNode number)
        {
            return Math.Abs(number.Value.ToDouble());
        }

        if (node.HasVariables())
        {
            return 16;
        }

        double value = System.Numerics.Complex.Abs(new NumericEvaluator([], false, new Budget(1000)).Evaluate(node));
        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    private static double Parts(Node node) => node.Parts().Sum(Of);
}
