using ICPO.MathAnswers.Balls;

namespace ICPO.MathAnswers.Numeric;

/// <summary>Doubles as exact numbers.</summary>
internal static class Dyadic
{
    public static Ball Of(double value)
    {
        if (!double.IsFinite(value))
        {
            return Ball.None;
        }

        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & ((1L << 52) - 1);
        long whole = exponent == 0 ? fraction : fraction | (1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        if (whole == 0)
        {
            return Ball.Zero;
        }

        int zeros = System.Numerics.BitOperations.TrailingZeroCount(whole);
        return new((value < 0 ? -1 : 1) * (whole >> zeros), 0, power + zeros);
    }
}
