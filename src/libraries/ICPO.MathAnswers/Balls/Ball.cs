using System.Numerics;

namespace ICPO.MathAnswers.Balls;

/// <summary>
/// A real number with an error bound: between (Middle − Radius)·2^Exponent and (Middle + Radius)·2^Exponent. A negative radius marks an
/// undefined value.
/// </summary>
internal readonly record struct Ball(BigInteger Middle, BigInteger Radius, long Exponent)
{
    public static readonly Ball None = new(0, -1, 0);
    public static readonly Ball Zero = new(0, 0, 0);
    public static readonly Ball One = new(1, 0, 0);

    public bool IsNone => Radius.Sign < 0;

    /// <summary>Exactly zero.</summary>
    public bool IsZero => Middle.IsZero && Radius.IsZero;

    /// <summary>Known without an error.</summary>
    public bool IsExact => Radius.IsZero;

    public bool MayBeZero => !IsNone && BigInteger.Abs(Middle) <= Radius;

    public bool IsPositive => !IsNone && Middle > Radius;

    public bool IsNegative => !IsNone && -Middle > Radius;

    /// <summary>An upper bound of log₂ of the absolute value.</summary>
    public long Size => (BigInteger.Abs(Middle) + Radius).GetBitLength() + Exponent;

    /// <summary>An upper bound of log₂ of the error; the smallest number if there is none.</summary>
    public long Error => Radius.IsZero ? long.MinValue / 4 : Radius.GetBitLength() + Exponent;

    public static Ball Of(BigInteger value) => new(value, 0, 0);

    public Ball Negate() => this with { Middle = -Middle };

    public Ball Abs()
    {
        if (MayBeZero)
        {
            return new(0, BigInteger.Abs(Middle) + Radius, Exponent);
        }

        return this with
        {
            Middle = BigInteger.Abs(Middle),
        };
    }

    /// <summary>Times 2^<paramref name="power"/>.</summary>
    public Ball Scale(int power) => IsNone || IsZero ? this : this with { Exponent = Exponent + power };

    /// <summary>The integer part; null if the error spans an integer or the number is large.</summary>
    public BigInteger? Floor()
    {
        if (IsNone || Exponent > 4096 || Exponent < -1_000_000)
        {
            return null;
        }

        BigInteger low = Shift(Middle - Radius, Exponent),
            high = Shift(Middle + Radius, Exponent);
        return low == high ? low : null;
    }

    /// <summary>value·2^power, rounded down.</summary>
    public static BigInteger Shift(BigInteger value, long power) =>
        power >= 0 ? value << (int)power : value >> (int)Math.Min(-power, int.MaxValue);
}
