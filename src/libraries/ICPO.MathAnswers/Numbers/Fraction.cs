using System.Globalization;
using System.Numerics;

namespace ICPO.MathAnswers.Numbers;

/// <summary>
/// An exact fraction in lowest terms with a positive denominator. Results above <see cref="MaxBits"/> are null, so that no input can make
/// an operation slow.
/// </summary>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator) : IComparable<Fraction>
{
    /// <summary>Enough for 20,000! and 10^100,000; larger numbers are compared by notation only.</summary>
    public const long MaxBits = 400_000;

    private const int LongBits = 2048;

    public static readonly Fraction Zero = new(0, 1);
    public static readonly Fraction One = new(1, 1);

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => Denominator.IsOne;

    public int Sign => Numerator.Sign;

    public static Fraction Of(BigInteger value) => new(value, BigInteger.One);

    /// <summary>numerator / denominator; null if the denominator is zero or the number is too large.</summary>
    public static Fraction? Create(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            return null;
        }

        if (!denominator.IsOne && numerator.GetBitLength() > LongBits && denominator.GetBitLength() > LongBits)
        {
            // n!/m! is an integer; dividing is much faster than finding the divisor.
            var quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
            if (remainder.IsZero)
            {
                return Checked(quotient, BigInteger.One);
            }
        }

        if (!denominator.IsOne)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
            (numerator, denominator) =
                denominator.Sign < 0 ? (-numerator / divisor, -denominator / divisor) : (numerator / divisor, denominator / divisor);
        }

        return Checked(numerator, denominator);
    }

    public static Fraction? Add(Fraction left, Fraction right)
    {
        if (left.IsInteger || right.IsInteger)
        {
            // No divisor in common with the only denominator.
            return Checked(
                (left.Numerator * right.Denominator) + (right.Numerator * left.Denominator),
                left.Denominator * right.Denominator
            );
        }

        return Create((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);
    }

    public static Fraction? Multiply(Fraction left, Fraction right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            return Checked(left.Numerator * right.Numerator, BigInteger.One);
        }

        // Lowest terms need the divisors across only.
        BigInteger first = BigInteger.GreatestCommonDivisor(left.Numerator, right.Denominator),
            second = BigInteger.GreatestCommonDivisor(right.Numerator, left.Denominator);
        return left.IsZero || right.IsZero
            ? Zero
            : Checked(left.Numerator / first * (right.Numerator / second), left.Denominator / second * (right.Denominator / first));
    }

    public static Fraction? Divide(Fraction left, Fraction right)
    {
        if (right.IsZero)
        {
            return null;
        }

        if (right == One)
        {
            return left;
        }

        if (left.IsInteger && right.IsInteger)
        {
            return Create(left.Numerator, right.Numerator);
        }

        return Multiply(
            left,
            right.Numerator.Sign < 0 ? new(-right.Denominator, -right.Numerator) : new(right.Denominator, right.Numerator)
        );
    }

    /// <summary>What an operation with two fractions costs, in units of the budget: nothing for small ones.</summary>
    public static int Work(Fraction left, Fraction right)
    {
        long a = (left.Numerator.GetBitLength() + left.Denominator.GetBitLength()) / 64,
            b = (right.Numerator.GetBitLength() + right.Denominator.GetBitLength()) / 64;
        return (int)Math.Min(int.MaxValue / 4, a * b / 64);
    }

    public static Fraction? Power(Fraction value, BigInteger exponent)
    {
        if (exponent.IsZero)
        {
            return value.IsZero ? null : One;
        }

        if (value.IsZero || value == One)
        {
            if (exponent.Sign > 0)
            {
                return value;
            }

            return value.IsZero ? null : One;
        }

        long bits = Math.Max((long)value.Numerator.GetBitLength(), (long)value.Denominator.GetBitLength());
        var size = BigInteger.Abs(exponent);
        if (size * Math.Max(bits - 1, 1) > MaxBits)
        {
            return null;
        }

        BigInteger top = BigInteger.Pow(value.Numerator, (int)size),
            bottom = BigInteger.Pow(value.Denominator, (int)size);
        if (exponent.Sign > 0)
        {
            return Checked(top, bottom);
        }

        return top.Sign < 0 ? Checked(-bottom, -top) : Checked(bottom, top);
    }

    /// <summary>Parses digits with at most one decimal point; null if longer than 2000 characters.</summary>
    public static Fraction? ParseDecimal(string digits)
    {
        if (digits.Length > 2000)
        {
            return null;
        }

        int point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger whole) ? Of(whole) : null;
        }

        string all = digits.Remove(point, 1);
        return BigInteger.TryParse(all, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger value)
            ? Create(value, BigInteger.Pow(10, digits.Length - point - 1))
            : null;
    }

    public Fraction Negate() => new(-Numerator, Denominator);

    public Fraction Abs() => new(BigInteger.Abs(Numerator), Denominator);

    public BigInteger Floor() => BigInteger.DivRem(Numerator, Denominator, out BigInteger remainder) - (remainder.Sign < 0 ? 1 : 0);

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public double ToDouble()
    {
        double top = (double)Numerator,
            bottom = (double)Denominator;
        return double.IsFinite(top) && double.IsFinite(bottom)
            ? top / bottom
            : Numerator.Sign * Math.Exp(BigInteger.Log(BigInteger.Abs(Numerator)) - BigInteger.Log(Denominator));
    }

    public override string ToString() =>
        IsInteger
            ? Numerator.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    private static Fraction? Checked(BigInteger numerator, BigInteger denominator) =>
        Fits(numerator) && Fits(denominator) ? new(numerator, denominator) : null;

    private static bool Fits(BigInteger value) => value.GetBitLength() <= MaxBits;
}
