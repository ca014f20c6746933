using System.Numerics;

namespace ICPO.MathAnswers.Numbers;

/// <summary>
/// Factors of a fraction that behave like primes: primes up to 3000, and the remaining cofactor as one base that is not a perfect power. A
/// base above <see cref="Certain"/> may be composite: it is independent of the small primes, but perhaps not of another such base.
/// </summary>
internal static class PrimeFactors
{
    private const int MaxDivisor = 3000;

    /// <summary>Bases up to this value are prime.</summary>
    public const int Certain = MaxDivisor * MaxDivisor;

    /// <summary>Bases with exponents (negative for the denominator) of a positive fraction; null if the budget is exceeded.</summary>
    public static List<(BigInteger Base, int Exponent)>? Find(Fraction value, Budget budget)
    {
        List<(BigInteger, int)> factors = [];
        return Add(factors, value.Numerator, 1, budget) && Add(factors, value.Denominator, -1, budget) ? factors : null;
    }

    private static bool Add(List<(BigInteger, int)> factors, BigInteger value, int sign, Budget budget)
    {
        for (int divisor = 2; divisor <= MaxDivisor && (long)divisor * divisor <= value; divisor += divisor == 2 ? 1 : 2)
        {
            if ((divisor & 63) == 1 && !budget.Spend(value.GetBitLength() > 63 ? 32 + (int)(value.GetBitLength() / 16) : 4))
            {
                return false;
            }

            int exponent = 0;
            while ((value % divisor).IsZero)
            {
                if (!budget.Spend(1 + (int)(value.GetBitLength() / 64)))
                {
                    return false;
                }

                value /= divisor;
                exponent++;
            }

            if (exponent > 0)
            {
                factors.Add((divisor, sign * exponent));
            }
        }

        if (value.IsOne)
        {
            return true;
        }

        int power = 1;
        if (value > Certain)
        {
            if (value.GetBitLength() > 512 || !budget.Spend(500))
            {
                return false;
            }

            (value, power) = Unpower(value);
        }

        factors.Add((value, sign * power));
        return true;
    }

    /// <summary>The smallest base whose power this is. No base is below 3000, so few exponents are possible.</summary>
    private static (BigInteger Base, int Power) Unpower(BigInteger value)
    {
        for (int power = (int)(value.GetBitLength() / 11); power > 1; power--)
        {
            BigInteger root = Root(value, power);
            if (BigInteger.Pow(root, power) == value)
            {
                return (root, power);
            }
        }

        return (value, 1);
    }

    /// <summary>⌊value^(1/power)⌋, from the highest bit down.</summary>
    private static BigInteger Root(BigInteger value, int power)
    {
        BigInteger root = 0;
        for (int bit = (int)(value.GetBitLength() / power) + 1; bit >= 0; bit--)
        {
            BigInteger tried = root | (BigInteger.One << bit);
            root = BigInteger.Pow(tried, power) <= value ? tried : root;
        }

        return root;
    }
}
