using System.Numerics;

namespace ICPO.MathAnswers.Balls;

/// <summary>
/// Exponential, logarithm, sine, cosine and arctangent: series in fixed-point numbers of <c>bits</c> bits after reducing the argument. The
/// reduction by 2^<see cref="_halvings"/> magnifies rounding errors by as much, which <see cref="Guard"/> bits absorb.
/// </summary>
internal sealed partial class BallMath
{
    private const int MaxSize = 40;
    private readonly int _halvings = 4 + (int)Math.Sqrt(precision / 2.0);

    private int Guard => _halvings + 48;

    /// <summary>The error of a series, in units of the last of its bits.</summary>
    private BigInteger SeriesError => BigInteger.One << (_halvings + 24);

    public Ball Pi() => new Ball(BallConstants.Pi(precision + 16), 8, -precision - 16);

    public Ball Exp(Ball value)
    {
        if (value.IsNone || value.Size > MaxSize || value.Error > 0 || !SpendSeries())
        {
            return Ball.None;
        }

        if (value.IsZero)
        {
            return Ball.One;
        }

        int bits = precision + Guard + Math.Max(0, (int)value.Size);
        BigInteger one = BigInteger.One << bits,
            x = Ball.Shift(value.Middle, value.Exponent + bits),
            ln2 = BallConstants.Ln2(bits);
        BigInteger turns = BigInteger.Divide(x, ln2) - (x.Sign < 0 ? 1 : 0),
            rest = (x - (turns * ln2)) >> _halvings,
            sum = one,
            term = one;
        for (int i = 1; !term.IsZero; i++)
        {
            term = ((term * rest) >> bits) / i;
            sum += term;
        }

        for (int i = 0; i < _halvings; i++)
        {
            sum = (sum * sum) >> bits;
        }

        // The error of ln 2 counts once for each turn.
        BigInteger error = SeriesError + (BigInteger.Abs(turns) << 4) + Ball.Shift(sum * value.Radius * 2, value.Exponent) + 1;
        return Round(sum, error, (long)turns - bits);
    }

    public Ball Ln(Ball value)
    {
        if (!value.IsPositive || !SpendSeries())
        {
            return Ball.None;
        }

        if (value == Ball.One)
        {
            return Ball.Zero;
        }

        int bits = precision + Guard + 40,
            length = (int)value.Middle.GetBitLength();
        BigInteger one = BigInteger.One << bits,
            x = Ball.Shift(value.Middle, bits - length);
        long power = value.Exponent + length;
        if (x * x < one * (one >> 1))
        {
            (x, power) = (x << 1, power - 1);
        }

        for (int i = 0; i < _halvings; i++)
        {
            x = IntegerRoot(x << bits);
        }

        BigInteger y = ((x - one) << bits) / (x + one),
            square = (y * y) >> bits,
            sum = BigInteger.Zero,
            term = y;
        for (int i = 1; !term.IsZero && term != BigInteger.MinusOne; i += 2)
        {
            sum += term / i;
            term = (term * square) >> bits;
        }

        BigInteger error = SeriesError + (Math.Abs(power) << 4);
        error += value.IsExact ? 0 : (value.Radius << bits) / (value.Middle - value.Radius) + 1;
        return Round((sum << (_halvings + 1)) + (power * BallConstants.Ln2(bits)), error, -bits);
    }

    public (Ball Sin, Ball Cos) SinCos(Ball value)
    {
        if (value.IsNone || value.Size > precision + 64 || value.Error > 0 || !SpendSeries())
        {
            return (Ball.None, Ball.None);
        }

        if (value.IsZero)
        {
            return (Ball.Zero, Ball.One);
        }

        int bits = precision + Guard + Math.Max(0, (int)value.Size);
        BigInteger one = BigInteger.One << bits,
            x = Ball.Shift(value.Middle, value.Exponent + bits),
            quarter = BallConstants.Pi(bits) >> 1;
        BigInteger turns = BigInteger.Divide((2 * x) + (x.Sign < 0 ? -quarter : quarter), 2 * quarter),
            rest = (x - (turns * quarter)) >> _halvings;
        BigInteger square = (rest * rest) >> bits,
            sin = rest,
            cos = one,
            odd = rest,
            even = one;
        for (int i = 1; !(odd.IsZero || odd == BigInteger.MinusOne) || !even.IsZero; i += 2)
        {
            even = -(((even * square) >> bits) / (i * (i + 1)));
            odd = -(((odd * square) >> bits) / ((i + 1) * (i + 2)));
            cos += even;
            sin += odd;
            if (even.IsZero && odd.IsZero)
            {
                break;
            }
        }

        for (int i = 0; i < _halvings; i++)
        {
            (sin, cos) = ((sin * cos) >> (bits - 1), ((cos * cos) - (sin * sin)) >> bits);
        }

        BigInteger error = SeriesError + (BigInteger.Abs(turns) << 4) + Ball.Shift(value.Radius, value.Exponent + bits) + 1;
        (BigInteger s, BigInteger c) = (int)(((turns % 4) + 4) % 4) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
        return (Round(s, error, -bits), Round(c, error, -bits));
    }

    public Ball Atan(Ball value)
    {
        if (value.IsNone || value.IsZero)
        {
            return value;
        }

        if (value.Middle.Sign < 0)
        {
            return Atan(value.Negate()).Negate();
        }

        if (value.Middle.GetBitLength() + value.Exponent > 1)
        {
            return Subtract(Pi().Scale(-1), Atan(Divide(Ball.One, value)));
        }

        if (value.Error > 0 || !SpendSeries())
        {
            return Ball.None;
        }

        int bits = precision + Guard;
        BigInteger one = BigInteger.One << bits,
            x = Ball.Shift(value.Middle, value.Exponent + bits);
        for (int i = 0; i < _halvings; i++)
        {
            x = (x << bits) / (one + IntegerRoot((one << bits) + (x * x)));
        }

        BigInteger square = (x * x) >> bits,
            sum = BigInteger.Zero,
            term = x;
        for (int i = 1; !term.IsZero; i += 2)
        {
            sum += i % 4 == 1 ? term / i : -(term / i);
            term = (term * square) >> bits;
        }

        return Round(sum << _halvings, SeriesError + Ball.Shift(value.Radius, value.Exponent + bits) + 1, -bits);
    }

    private bool SpendSeries() => budget.Spend(_cost * (20 + _halvings + (precision / (_halvings * 4))));
}
