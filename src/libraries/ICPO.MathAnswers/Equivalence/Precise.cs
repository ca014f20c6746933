using ICPO.MathAnswers.Balls;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Equality of expressions in arithmetic with error bounds: equal if they agree within an error that is far smaller than the smallest
/// number in them. If the error leaves it undecided, they are not equal.
/// </summary>
internal static class Precise
{
    /// <summary>Bits of agreement beyond the resolution of the expressions.</summary>
    private const int Agreement = 96;

    private const int Guard = 64;
    private const int EnoughPoints = 2;

    /// <summary>True if both sides agree at the first two points where both have values, or the only one.</summary>
    public static bool AreEqual(Node left, Node right, IReadOnlyList<Point> points, Budget budget)
    {
        if (Bits(left, right) is not { } bits)
        {
            return false;
        }

        int agreed = 0;
        foreach (Point point in points)
        {
            switch (Agree(left, right, point, bits, budget))
            {
                case false:
                    return false;
                case true when ++agreed >= EnoughPoints:
                    return true;
            }
        }

        return agreed >= Math.Min(EnoughPoints, points.Count);
    }

    /// <summary>True if left / right is the same number at all these points.</summary>
    public static bool AreProportional(Node left, Node right, IReadOnlyList<Point> points, Budget budget)
    {
        if (Bits(left, right) is not { } bits)
        {
            return false;
        }

        ComplexBall? first = null;
        int agreed = 0;
        foreach (Point point in points.Take(EnoughPoints + 1))
        {
            BallEvaluator evaluator = point.Evaluator(bits + Guard, budget);
            ComplexBall ratio = evaluator.Complex.Divide(evaluator.Evaluate(left), evaluator.Evaluate(right));
            if (ratio.IsNone)
            {
                continue;
            }

            if (first is { } other)
            {
                if (IsZero(evaluator.Complex.Subtract(ratio, other), ratio.Size, bits) != true)
                {
                    return false;
                }

                agreed++;
            }

            first ??= ratio;
        }

        return agreed > 0;
    }

    /// <summary>Null if a side has no value there. Cancellation costs bits: a second try has twice as many.</summary>
    private static bool? Agree(Node left, Node right, Point point, int bits, Budget budget)
    {
        bool? known = null;
        for (int precision = bits + Guard; known is null && precision <= 2 * (bits + Guard); precision *= 2)
        {
            BallEvaluator evaluator = point.Evaluator(precision, budget);
            ComplexBall x = evaluator.Evaluate(left),
                y = evaluator.Evaluate(right);
            if (x.IsNone || y.IsNone)
            {
                return null;
            }

            known = IsZero(evaluator.Complex.Subtract(x, y), Math.Max(x.Size, y.Size), bits);
        }

        return known ?? false;
    }

    /// <summary>Null if the error is too large to tell.</summary>
    private static bool? IsZero(ComplexBall difference, long size, int bits)
    {
        if (difference.IsNone || !difference.MayBeZero)
        {
            return false;
        }

        return difference.Error <= Math.Max(size, 0) - bits ? true : null;
    }

    private static int? Bits(Node left, Node right) =>
        Math.Max(Resolution.Of(left), Resolution.Of(right)) is var bits && bits <= Resolution.Max ? Agreement + (int)bits : null;
}
