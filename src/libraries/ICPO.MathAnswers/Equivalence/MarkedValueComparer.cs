using System.Collections.Immutable;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>Compares values that carry a mark: percent, degrees, a number base, a unit, a modulus, a ratio or time of day.</summary>
internal sealed class MarkedValueComparer(MathSettings settings, AnswerComparer answers, ScalarComparer scalars)
{
    /// <summary>
    /// Compares a percentage, an angle in degrees, a number in a base, a quantity, a residue or a ratio on the left; null for other nodes.
    /// </summary>
    public bool? Compare(Node left, Node right) =>
        left switch
        {
            PercentNode percent => ComparePercent(percent, right),
            DegreeNode degree => CompareDegrees(degree, right),
            BasedNode based => CompareBased(based, right),
            QuantityNode quantity => CompareQuantity(quantity, right),
            RatioNode ratio => CompareRatio(ratio, right),
            CallNode { Name: LatexParser.Congruence, Arguments: [var value, var modulus] } => CompareResidues(value, modulus, right),
            _ => null,
        };

    private bool ComparePercent(PercentNode left, Node right)
    {
        if (right is PercentNode other)
        {
            return answers.AreEqual(left.Value, other.Value);
        }

        return right is not (DegreeNode or QuantityNode)
            && (scalars.AreEqual(left, right) || (settings.PercentIsNumber && answers.AreEqual(left.Value, right)));
    }

    private bool CompareDegrees(DegreeNode left, Node right)
    {
        if (right is DegreeNode other)
        {
            return answers.AreEqual(left.Value, other.Value);
        }

        return right is not (PercentNode or QuantityNode)
            && (scalars.AreEqual(left, right) || (settings.DegreesAreNumbers && answers.AreEqual(left.Value, right)));
    }

    private bool CompareBased(BasedNode left, Node right)
    {
        if (right is BasedNode other)
        {
            return left.Value == other.Value;
        }

        return answers.AreEqual(new NumberNode(left.Value), right)
            || (
                settings.BaseMayBeLeftOut
                && Fraction.ParseDecimal(left.Digits.TrimStart('-')) is { } digits
                && answers.AreEqual(new NumberNode(left.Digits[0] == '-' ? digits.Negate() : digits), right)
            );
    }

    private bool CompareQuantity(QuantityNode left, Node right)
    {
        if (right is QuantityNode other)
        {
            return Units.Ratio(left.Unit, other.Unit) is { } ratio
                ? CompareAmounts(left.Value, other.Value, ratio)
                : answers.AreEqual(left.Value, other.Value);
        }

        if (right is PercentNode or DegreeNode)
        {
            return false;
        }

        // 5 m or 9 m^2, where m was parsed as a variable.
        return (settings.UnitMayBeLeftOut && answers.AreEqual(left.Value, right))
            || (
                right is BinaryNode { Kind: BinaryKind.Multiply } product
                && UnitOf(product.Right) is { } unit
                && (
                    string.Equals(unit, left.Unit, StringComparison.OrdinalIgnoreCase)
                        ? answers.AreEqual(left.Value, product.Left)
                        : Units.Ratio(left.Unit, unit) is { } sizes && CompareAmounts(left.Value, product.Left, sizes)
                )
            );
    }

    /// <summary>
    /// Values that differ by a multiple of the same modulus are equal. A modulus on one side only is ignored, as a base is: 3 (mod 7)
    /// equals 3, and so does 10 (mod 7), whose remainder is 3.
    /// </summary>
    private bool CompareResidues(Node left, Node modulus, Node right)
    {
        Node remainder = new CallNode("mod", [left, modulus]);
        if (right is CallNode { Name: LatexParser.Congruence, Arguments: [var other, var otherModulus] })
        {
            return answers.AreEqual(modulus, otherModulus)
                && (answers.AreEqual(left, other) || scalars.AreEqual(remainder, new CallNode("mod", [other, modulus])));
        }

        return answers.AreEqual(left, right) || scalars.AreEqual(remainder, right);
    }

    private bool CompareAmounts(Node left, Node right, (bool Same, Fraction? Ratio) unit) =>
        unit.Same
            ? answers.AreEqual(left, right)
            : unit.Ratio is { } ratio && scalars.AreEqual(new BinaryNode(BinaryKind.Multiply, left, new NumberNode(ratio)), right);

    private static string? UnitOf(Node factor) =>
        factor switch
        {
            SymbolNode letter => letter.Name,
            BinaryNode { Kind: BinaryKind.Power, Left: SymbolNode length, Right: NumberNode power } => $"{length.Name}^{power.Value}",
            _ => null,
        };

    private bool CompareRatio(RatioNode left, Node right)
    {
        if (right is not RatioNode other)
        {
            return left.Half.Length == 0
                && left.Parts.Length == 2
                && right is not (PercentNode or QuantityNode)
                && scalars.AreEqual(left, right);
        }

        (left, other) = (TimeOfDay(left, other), TimeOfDay(other, left));
        if (left.Parts.Length != other.Parts.Length || (left.Half != other.Half && left.Half.Length > 0 && other.Half.Length > 0))
        {
            return false;
        }

        bool clock =
            left.Half.Length > 0
            || other.Half.Length > 0
            || left.Parts.Concat(other.Parts).Any(p => p is NumberNode { Value.IsZero: true }); // 12:00 is a time, not a multiple of 1:00.
        ImmutableArray<Node> a = left.Parts,
            b = other.Parts;
        return clock
            ? a.Zip(b).All(p => answers.AreEqual(p.First, p.Second))
            : Enumerable
                .Range(1, a.Length - 1)
                .All(i =>
                    scalars.AreEqual(new BinaryNode(BinaryKind.Multiply, a[0], b[i]), new BinaryNode(BinaryKind.Multiply, a[i], b[0]))
                );
    }

    /// <summary>20:34 becomes 8:34 p.m. if the other side uses a 12-hour clock, and 20:34:00 becomes 20:34 if it has no seconds.</summary>
    private static RatioNode TimeOfDay(RatioNode time, RatioNode other)
    {
        if (time.Parts.Length == 3 && other.Parts.Length == 2 && time.Parts[2] is NumberNode { Value.IsZero: true })
        {
            time = time with { Parts = time.Parts.RemoveAt(2) };
        }

        return
            other.Half.Length > 0
            && time is { Half: "", Parts: [NumberNode { Value: { IsInteger: true } hour }, ..] }
            && hour.Numerator > 12
            && hour.Numerator < 24
            ? time with
            {
                Parts = time.Parts.SetItem(0, new NumberNode(Fraction.Of(hour.Numerator - 12))),
                Half = "p",
            }
            : time;
    }
}
