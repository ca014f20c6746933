using System.Collections.Concurrent;
using System.Numerics;

namespace ICPO.MathAnswers.Balls;

/// <summary>π and ln 2 as fixed-point numbers, computed once for each precision.</summary>
internal static class BallConstants
{
    private const int Step = 256;
    private const int Guard = 32;
    private static readonly ConcurrentDictionary<int, BigInteger> Pis = new();
    private static readonly ConcurrentDictionary<int, BigInteger> Logarithms = new();

    /// <summary>⌊π·2^bits⌋, up to one.</summary>
    public static BigInteger Pi(int bits)
    {
        int stored = Stored(bits);
        BigInteger pi = Pis.GetOrAdd(stored, b => ((16 * InverseTangent(5, b, -1)) - (4 * InverseTangent(239, b, -1))) >> Guard);
        return pi >> (stored - bits);
    }

    /// <summary>⌊ln 2·2^bits⌋, up to one.</summary>
    public static BigInteger Ln2(int bits)
    {
        int stored = Stored(bits);
        return Logarithms.GetOrAdd(stored, b => (2 * InverseTangent(3, b, 1)) >> Guard) >> (stored - bits);
    }

    private static int Stored(int bits) => (bits + Step - 1) / Step * Step;

    /// <summary>arctan (sign −1) or artanh (sign 1) of 1/n.</summary>
    private static BigInteger InverseTangent(int n, int bits, int sign)
    {
        BigInteger term = (BigInteger.One << (bits + Guard)) / n,
            sum = term;
        for (int i = 3; !term.IsZero; i += 2)
        {
            term /= n * n;
            sum += (sign < 0 && i % 4 == 3 ? -1 : 1) * (term / i);
        }

        return sum;
    }
}
