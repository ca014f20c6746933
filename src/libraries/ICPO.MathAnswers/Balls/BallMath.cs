using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Balls;

/// <summary>
/// Arithmetic with <paramref name="precision"/> bits; every result contains the true value. Operations consume the budget.
/// </summary>
internal sealed partial class BallMath(int precision, Budget budget)
{
    private const long MaxExponent = 1_000_000_000;

    /// <summary>A number of this many bits costs one operation of the budget for each multiplication.</summary>
    private readonly int _cost = 1 + (precision / 256 * (precision / 256) / 8);

    public Ball Of(Fraction value) =>
        value.IsInteger ? Ball.Of(value.Numerator) : Divide(Ball.Of(value.Numerator), Ball.Of(value.Denominator));

    public Ball Add(Ball left, Ball right)
    {
        if (left.IsNone || right.IsNone || !budget.Spend(_cost))
        {
            return Ball.None;
        }

        if (left.IsZero || right.IsZero)
        {
            return left.IsZero ? right : left;
        }

        (Ball high, Ball low) = left.Exponent >= right.Exponent ? (left, right) : (right, left);
        long shift = high.Exponent - low.Exponent;
        if (shift - Math.Max(low.Middle.GetBitLength(), low.Radius.GetBitLength()) > 2L * precision)
        {
            // Too small to be added digit by digit: it becomes a part of the error.
            return Round(high.Middle << (2 * precision), (high.Radius << (2 * precision)) + 4, high.Exponent - (2 * precision));
        }

        return Round((high.Middle << (int)shift) + low.Middle, (high.Radius << (int)shift) + low.Radius, low.Exponent);
    }

    public Ball Subtract(Ball left, Ball right) => Add(left, right.Negate());

    public Ball Multiply(Ball left, Ball right)
    {
        if (left.IsNone || right.IsNone || !budget.Spend(_cost))
        {
            return Ball.None;
        }

        if (left.IsZero || right.IsZero)
        {
            return Ball.Zero;
        }

        BigInteger error =
            left.IsExact && right.IsExact
                ? BigInteger.Zero
                : (BigInteger.Abs(left.Middle) * right.Radius)
                    + (BigInteger.Abs(right.Middle) * left.Radius)
                    + (left.Radius * right.Radius);
        return Round(left.Middle * right.Middle, error, left.Exponent + right.Exponent);
    }

    public Ball Divide(Ball left, Ball right)
    {
        if (left.IsNone || right.IsNone || right.MayBeZero || !budget.Spend(_cost))
        {
            return Ball.None;
        }

        if (left.IsZero)
        {
            return left;
        }

        var bottom = BigInteger.Abs(right.Middle);
        int shift = (int)Math.Max(0, precision + 2 + bottom.GetBitLength() - left.Middle.GetBitLength());
        BigInteger quotient = (left.Middle << shift) / right.Middle;
        BigInteger error =
            left.IsExact && right.IsExact
                ? BigInteger.Zero
                : (((left.Radius * bottom) + (BigInteger.Abs(left.Middle) * right.Radius)) << shift) / (bottom * (bottom - right.Radius));
        return Round(quotient, error + 2, left.Exponent - right.Exponent - shift);
    }

    public Ball Sqrt(Ball value)
    {
        if (value.IsNone || value.IsNegative || !budget.Spend(_cost))
        {
            return Ball.None;
        }

        if (value.IsZero)
        {
            return value;
        }

        BigInteger middle = value.MayBeZero ? value.Middle + value.Radius : value.Middle;
        int shift = (int)Math.Max(0, (2 * precision) + 4 - middle.GetBitLength());
        shift += (int)((value.Exponent - shift) & 1);
        BigInteger root = IntegerRoot(middle << shift);
        long exponent = (value.Exponent - shift) / 2;
        if (value.MayBeZero)
        {
            return Round(0, root + 1, exponent);
        }

        BigInteger error = value.IsExact ? BigInteger.Zero : (value.Radius << shift) / IntegerRoot((value.Middle - value.Radius) << shift);
        return root * root == middle << shift && value.IsExact ? Round(root, 0, exponent) : Round(root, error + 2, exponent);
    }

    /// <summary>An integer power by squaring.</summary>
    public Ball Power(Ball value, BigInteger exponent)
    {
        if (exponent.Sign < 0)
        {
            return Divide(Ball.One, Power(value, -exponent));
        }

        Ball result = Ball.One;
        for (long bit = exponent.GetBitLength() - 1; bit >= 0 && !result.IsNone; bit--)
        {
            result = Multiply(result, result);
            result = (exponent >> (int)bit).IsEven ? result : Multiply(result, value);
        }

        return result;
    }

    public bool Spend(int operations) => budget.Spend(operations);

    /// <summary>⌊√value⌋ by Newton's method from above.</summary>
    public static BigInteger IntegerRoot(BigInteger value)
    {
        if (value.Sign <= 0)
        {
            return 0;
        }

        BigInteger root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    /// <summary>Cuts the middle to the precision, and both to what the error leaves meaningful.</summary>
    private Ball Round(BigInteger middle, BigInteger radius, long exponent)
    {
        int excess = (int)Math.Max(middle.GetBitLength() - precision, radius.GetBitLength() - 60);
        if (excess > 0)
        {
            (middle, radius, exponent) = (middle >> excess, (radius >> excess) + 2, exponent + excess);
        }

        return Math.Abs(exponent) > MaxExponent ? Ball.None : new(middle, radius, exponent);
    }
}
