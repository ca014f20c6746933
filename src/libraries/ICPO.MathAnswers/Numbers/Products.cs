using System.Numerics;

namespace ICPO.MathAnswers.Numbers;

/// <summary>Products of many integers by halves, so that the factors of a multiplication have about the same size.</summary>
internal static class Products
{
    private const int Direct = 16;

    /// <summary>from · (from + step) · … up to <paramref name="to"/>.</summary>
    public static BigInteger Of(BigInteger from, BigInteger to, int step)
    {
        if (from > to)
        {
            return BigInteger.One;
        }

        BigInteger count = ((to - from) / step) + 1;
        if (count > Direct)
        {
            BigInteger half = from + (count / 2 * step);
            return Of(from, half - step, step) * Of(half, to, step);
        }

        BigInteger product = from;
        for (BigInteger next = from + step; next <= to; next += step)
        {
            product *= next;
        }

        return product;
    }
}
