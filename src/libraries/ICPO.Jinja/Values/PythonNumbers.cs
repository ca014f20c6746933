using System.Globalization;
using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>Python's int() and float() of text, repr() of floats, and rounding that is exact in decimal.</summary>
internal static class PythonNumbers
{
    /// <summary>Python's limit for converting between text and int, in digits.</summary>
    private const int MaxDigits = 4300;

    private static readonly BigInteger Largest = BigInteger.Pow(10, MaxDigits);

    public static BigInteger? AsInteger(object? value) =>
        value switch
        {
            bool b => b ? 1 : 0,
            BigInteger i => i,
            _ => null,
        };

    public static double? AsDouble(object? value) =>
        value switch
        {
            double d => d,
            _ when AsInteger(value) is { } i => Ratio(i, BigInteger.One) is var d && double.IsFinite(d)
                ? d
                : throw new TemplateFault("int too large to convert to float"),
            _ => null,
        };

    public static string Text(BigInteger value, Budget budget)
    {
        if (BigInteger.Abs(value) >= Largest)
        {
            throw new TemplateFault($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        }

        ChargeDigits(value.GetBitLength() / 3, budget);
        return value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Converting to and from decimal digits takes time quadratic in their number.</summary>
    private static void ChargeDigits(long count, Budget budget) => budget.Scan(count * count, perStep: 1024);

    /// <summary>repr(): the shortest digits that round-trip; 1e+16 and 1e-05 in scientific notation.</summary>
    public static string Text(double value)
    {
        if (!double.IsFinite(value))
        {
            return value switch
            {
                double.NaN => "nan",
                > 0 => "inf",
                _ => "-inf",
            };
        }

        (string? sign, string? digits, int exponent) = Shortest(value);
        if (digits == "0")
        {
            return sign + "0.0";
        }

        return sign + (exponent is >= -4 and < 16 ? Positional(digits, exponent) : Scientific(digits, exponent));
    }

    /// <summary>Shortest digits d.ddd × 10^exponent.</summary>
    public static (string Sign, string Digits, int Exponent) Shortest(double value)
    {
        string round = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int mark = round.IndexOf('E');
        string mantissa = mark < 0 ? round : round[..mark];
        int point = mantissa.IndexOf('.');
        string digits = mantissa.Replace(".", "").TrimStart('0');
        int exponent = 0;
        if (digits.Length > 0)
        {
            // The exponent of the shortest digits: rounding can carry (9.99…e22 is 1e+23).
            int shift = mark < 0 ? 0 : int.Parse(round[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            string whole = point < 0 ? mantissa : mantissa[..point];
            exponent =
                whole.TrimStart('0').Length > 0
                    ? whole.TrimStart('0').Length - 1 + shift
                    : shift - 1 - mantissa[(point + 1)..].TakeWhile(c => c == '0').Count();
        }

        digits = digits.TrimEnd('0');
        return (double.IsNegative(value) ? "-" : "", digits.Length == 0 ? "0" : digits, exponent);
    }

    private static string Positional(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        if (digits.Length <= exponent + 1)
        {
            return digits + new string('0', exponent + 1 - digits.Length) + ".0";
        }

        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static string Scientific(string digits, int exponent) =>
        digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + ExponentText(exponent);

    public static string ExponentText(int exponent) => $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";

    /// <summary>|value| × 10^places as an integer, ties to even, exact.</summary>
    public static BigInteger Scaled(double value, int places)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        int raw = (int)(bits >> 52);
        BigInteger numerator = (bits & ((1L << 52) - 1)) | (raw == 0 ? 0 : 1L << 52);
        int power = Math.Max(raw, 1) - 1075;
        BigInteger denominator = power < 0 ? BigInteger.One << -power : BigInteger.One;
        numerator <<= Math.Max(power, 0);
        numerator *= BigInteger.Pow(10, Math.Max(places, 0));
        denominator *= BigInteger.Pow(10, Math.Max(-places, 0));
        return DivideToEven(numerator, denominator);
    }

    /// <summary>numerator / denominator to the nearest double, ties to even; infinite if too large.</summary>
    public static double Ratio(BigInteger numerator, BigInteger denominator)
    {
        // A quotient of at least 64 bits whose last bit is set if there is a remainder rounds correctly in one step.
        int shift = 65 - (int)(numerator.GetBitLength() - denominator.GetBitLength());
        (BigInteger dividend, BigInteger divisor) = (
            BigInteger.Abs(numerator) << Math.Max(shift, 0),
            BigInteger.Abs(denominator) << Math.Max(-shift, 0)
        );
        var quotient = BigInteger.DivRem(dividend, divisor, out BigInteger rest);
        int excess = Math.Max(0, (int)quotient.GetBitLength() - 64);
        bool inexact = !rest.IsZero || !(quotient & ((BigInteger.One << excess) - 1)).IsZero;
        double magnitude = Math.ScaleB((double)((ulong)(quotient >> excess) | (inexact ? 1UL : 0)), excess - shift);
        return numerator.Sign < 0 != denominator.Sign < 0 ? -magnitude : magnitude; // 0 / -3 is -0.0
    }

    public static BigInteger DivideToEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int twice = (rest * 2).CompareTo(denominator);
        return twice > 0 || (twice == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    /// <summary>round(value, places).</summary>
    public static object Round(object? value, int places, Budget budget)
    {
        if (AsInteger(value) is { } whole)
        {
            if (places >= 0 || -places > MaxDigits)
            {
                return places >= 0 ? whole : BigInteger.Zero;
            }

            ChargeDigits(-places, budget);
            return whole.Sign * DivideToEven(BigInteger.Abs(whole), BigInteger.Pow(10, -places)) * BigInteger.Pow(10, -places);
        }

        double number =
            value as double?
            ?? throw (value as Undefined)?.Fail()
                ?? new TemplateFault($"type {PythonText.TypeName(value)} doesn't define __round__ method");
        if (!double.IsFinite(number) || places > 330)
        {
            return number;
        }

        if (places < -330)
        {
            return Math.CopySign(0.0, number);
        }

        double rounded = double.Parse($"{Scaled(number, places)}E{-places}", NumberStyles.Float, CultureInfo.InvariantCulture);
        return Math.CopySign(rounded, number);
    }

    /// <summary>int(text, radix); radix 0 reads the prefix. Null if it is not a number.</summary>
    public static BigInteger? ParseInteger(string text, int radix, Budget budget)
    {
        string digits = text.AsSpan().Trim(PythonText.Spaces).ToString();
        bool negative = digits.StartsWith('-');
        digits = digits is ['+' or '-', ..] ? digits[1..] : digits;
        int prefix = digits switch
        {
            ['0', 'x' or 'X', ..] => 16,
            ['0', 'o' or 'O', ..] => 8,
            ['0', 'b' or 'B', ..] => 2,
            _ => 0,
        };
        if (prefix != 0 && (radix == prefix || radix == 0))
        {
            (digits, radix) = (digits[2..].TrimStart('_'), prefix);
        }
        else if (radix == 0)
        {
            radix = digits.Length > 1 && digits[0] == '0' && digits.Any(c => c is not ('0' or '_')) ? -1 : 10;
        }

        if (
            radix is < 2 or > 36
            || digits.Length is 0 or > MaxDigits
            || digits[0] == '_'
            || digits[^1] == '_'
            || digits.Contains("__", StringComparison.Ordinal)
        )
        {
            return null;
        }

        ChargeDigits(digits.Length, budget);
        BigInteger value = BigInteger.Zero;
        foreach (char c in digits.Replace("_", ""))
        {
            int digit = char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : CharUnicodeInfo.GetDecimalDigitValue(c);
            if (digit < 0 || digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return negative ? -value : value;
    }

    /// <summary>float(text); null if it is not a number.</summary>
    public static double? ParseDouble(string text, Budget budget)
    {
        budget.Scan(text.Length, perStep: 8);
        string trimmed = string.Concat(
            text.AsSpan()
                .Trim(PythonText.Spaces)
                .ToArray()
                .Select(c => CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit) : c)
        );
        switch (trimmed.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity" when trimmed.Count(c => c is '+' or '-') <= 1:
                return trimmed.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan" when trimmed.Length <= 4:
                return double.NaN;
        }

        for (int i = 0; i < trimmed.Length; i++)
        {
            if (
                trimmed[i] == '_'
                && (i == 0 || i == trimmed.Length - 1 || !char.IsAsciiDigit(trimmed[i - 1]) || !char.IsAsciiDigit(trimmed[i + 1]))
            )
            {
                return null;
            }
        }

        return
            double.TryParse(
                trimmed.Replace("_", ""),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out double value
            ) && trimmed.Any(char.IsAsciiDigit)
            ? value
            : null;
    }
}
