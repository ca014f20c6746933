using System.Numerics;

namespace ICPO.MathAnswers.Balls;

/// <summary>Complex arithmetic with principal values. What an error makes ambiguous (a branch, a sign) is undefined.</summary>
internal sealed partial class ComplexMath(BallMath math)
{
    public ComplexBall Add(ComplexBall left, ComplexBall right) =>
        new(math.Add(left.Real, right.Real), math.Add(left.Imaginary, right.Imaginary));

    public ComplexBall Subtract(ComplexBall left, ComplexBall right) => Add(left, right.Negate());

    public ComplexBall Multiply(ComplexBall left, ComplexBall right) =>
        left.IsReal && right.IsReal
            ? math.Multiply(left.Real, right.Real)
            : new ComplexBall(
                math.Subtract(math.Multiply(left.Real, right.Real), math.Multiply(left.Imaginary, right.Imaginary)),
                math.Add(math.Multiply(left.Real, right.Imaginary), math.Multiply(left.Imaginary, right.Real))
            );

    public ComplexBall Divide(ComplexBall left, ComplexBall right)
    {
        if (right.IsReal)
        {
            return new(math.Divide(left.Real, right.Real), left.IsReal ? Ball.Zero : math.Divide(left.Imaginary, right.Real));
        }

        Ball square = math.Add(math.Multiply(right.Real, right.Real), math.Multiply(right.Imaginary, right.Imaginary));
        ComplexBall product = Multiply(left, right with { Imaginary = right.Imaginary.Negate() });
        return new(math.Divide(product.Real, square), math.Divide(product.Imaginary, square));
    }

    public Ball Abs(ComplexBall value) =>
        value.IsReal
            ? value.Real.Abs()
            : math.Sqrt(math.Add(math.Multiply(value.Real, value.Real), math.Multiply(value.Imaginary, value.Imaginary)));

    public ComplexBall Sqrt(ComplexBall value)
    {
        if (value.IsReal)
        {
            if (value.Real.IsNegative)
            {
                return new(Ball.Zero, math.Sqrt(value.Real.Negate()));
            }

            return value.Real.MayBeZero && !value.Real.IsZero ? Near(math.Sqrt(value.Real.Abs())) : math.Sqrt(value.Real);
        }

        if (value.Imaginary.MayBeZero)
        {
            return value.Real.IsPositive ? Half(value, 1) : ComplexBall.None;
        }

        return Half(value, value.Imaginary.Middle.Sign);
    }

    public ComplexBall Ln(ComplexBall value)
    {
        if (value.IsReal && value.Real.IsPositive)
        {
            return math.Ln(value.Real);
        }

        return new(math.Ln(Abs(value)), Argument(value));
    }

    public ComplexBall Exp(ComplexBall value)
    {
        Ball size = math.Exp(value.Real);
        if (value.IsReal)
        {
            return size;
        }

        (Ball sin, Ball cos) = math.SinCos(value.Imaginary);
        return new(math.Multiply(size, cos), math.Multiply(size, sin));
    }

    /// <summary>The angle in (−π, π].</summary>
    public Ball Argument(ComplexBall value)
    {
        (Ball x, Ball y) = (value.Real, value.Imaginary);
        if (value.IsNone || (x.MayBeZero && y.MayBeZero))
        {
            return Ball.None;
        }

        if (x.IsPositive)
        {
            return math.Atan(math.Divide(y, x));
        }

        if (x.IsNegative && (y.IsZero || !y.MayBeZero))
        {
            Ball angle = math.Atan(math.Divide(y, x));
            return y.IsNegative ? math.Subtract(angle, math.Pi()) : math.Add(angle, math.Pi());
        }

        if (y.MayBeZero)
        {
            return Ball.None;
        }

        Ball quarter = math.Pi().Scale(-1);
        return math.Subtract(y.IsPositive ? quarter : quarter.Negate(), math.Atan(math.Divide(x, y)));
    }

    /// <summary>value^exponent; undefined over the reals where it is not real.</summary>
    public ComplexBall Power(ComplexBall value, ComplexBall exponent, bool real)
    {
        if (
            exponent is { IsReal: true, Real.IsExact: true }
            && exponent.Real.Floor() is { } whole
            && exponent.Real == Whole(exponent.Real, whole)
        )
        {
            return value.MayBeZero && whole.IsZero ? ComplexBall.None : Power(value, whole);
        }

        if (value is { IsReal: true, Real.IsZero: true })
        {
            return exponent.Real.IsPositive ? value : ComplexBall.None;
        }

        return value.IsReal && !value.Real.IsPositive && real ? ComplexBall.None : Exp(Multiply(exponent, Ln(value)));
    }

    public ComplexBall Root(ComplexBall value, ComplexBall order, bool real)
    {
        if (order.IsReal && order.Real.IsExact && order.Real.Floor() is { } n && n > 0 && n < 1000 && value.IsReal)
        {
            bool odd = !n.IsEven;
            if (value.Real.IsNegative && odd)
            {
                return Root(value.Negate(), order, real).Negate();
            }

            if (value.Real.IsZero || (value.Real.IsNegative && real))
            {
                return value.Real.IsZero ? value : ComplexBall.None;
            }

            if (n == 2)
            {
                return Sqrt(value);
            }
        }

        return Power(value, Divide(ComplexBall.One, order), real);
    }

    private ComplexBall Power(ComplexBall value, BigInteger exponent)
    {
        if (value.IsReal)
        {
            return math.Power(value.Real, exponent);
        }

        if (exponent.Sign < 0)
        {
            return Divide(ComplexBall.One, Power(value, -exponent));
        }

        ComplexBall result = ComplexBall.One;
        for (long bit = exponent.GetBitLength() - 1; bit >= 0 && !result.IsNone; bit--)
        {
            result = Multiply(result, result);
            result = (exponent >> (int)bit).IsEven ? result : Multiply(result, value);
        }

        return result;
    }

    private static Ball Whole(Ball like, BigInteger whole) =>
        new(like.Exponent > 0 ? whole >> (int)like.Exponent : whole << (int)-like.Exponent, 0, like.Exponent);

    private ComplexBall Half(ComplexBall value, int sign)
    {
        Ball size = Abs(value),
            x = math.Sqrt(math.Add(size, value.Real).Scale(-1)),
            y = math.Sqrt(math.Subtract(size, value.Real).Scale(-1));
        if (value.Imaginary.MayBeZero)
        {
            return new(x, Near(y).Imaginary);
        }

        return new(x, sign < 0 ? y.Negate() : y);
    }

    /// <summary>A complex number of at most this size.</summary>
    private static ComplexBall Near(Ball size)
    {
        if (size.IsNone)
        {
            return ComplexBall.None;
        }

        Ball around = new(0, BigInteger.Abs(size.Middle) + size.Radius, size.Exponent);
        return new(around, around);
    }
}
