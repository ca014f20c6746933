using System.Numerics;

namespace ICPO.Actors.Tasks;

/// <summary>Prime factors of numbers small enough to be certain of.</summary>
internal static class PrimeFactors
{
    private const long LargestDivisor = 3000;

    /// <summary>Primes with exponents (negative for the denominator) of a positive fraction; null where a factor past 9 000 000 may be composite.</summary>
    public static List<(long Prime, int Exponent)>? Of(Fraction value, Budget budget)
    {
        List<(long, int)> factors = [];
        return Add(factors, value.Numerator, 1, budget) && Add(factors, value.Denominator, -1, budget) ? factors : null;
    }

    private static bool Add(List<(long, int)> factors, BigInteger value, int sign, Budget budget)
    {
        for (long divisor = 2; divisor <= LargestDivisor && divisor * divisor <= value; divisor += divisor == 2 ? 1 : 2)
        {
            if ((divisor & 63) == 1 && !budget.Spend(value.GetBitLength() > 63 ? 32 : 4))
            {
                return false;
            }

            int exponent = 0;
            while ((value % divisor).IsZero)
            {
                value /= divisor;
                exponent++;
            }

            if (exponent > 0)
            {
                factors.Add((divisor, sign * exponent));
            }
        }

        if (value > LargestDivisor * LargestDivisor)
        {
            return false;
        }

        if (!value.IsOne)
        {
            factors.Add(((long)value, sign));
        }

        return true;
    }
}
