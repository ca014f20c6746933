using System.Globalization;
using System.Numerics;

namespace ICPO.MathAnswers.Numbers;

/// <summary>An exact fraction with a positive denominator: 0.1 is one tenth, and integers beyond 2⁵³ stay distinct.</summary>
/// <param name="Numerator">Any integer.</param>
/// <param name="Denominator">A positive integer, not necessarily coprime to the numerator.</param>
public readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
{
    /// <summary>Longer texts are not answers; parsing them would only cost time.</summary>
    private const int MaxTextLength = 400;

    public static bool operator <=(Rational left, Rational right) =>
        left.Numerator * right.Denominator <= right.Numerator * left.Denominator;

    public static bool operator >=(Rational left, Rational right) => right <= left;

    public static Rational operator -(Rational left, Rational right) =>
        new((left.Numerator * right.Denominator) - (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public Rational Abs() => this with { Numerator = BigInteger.Abs(Numerator) };

    /// <summary>
    /// Parses what <see cref="NumberText.Find"/> returns: sign, thousands separators, decimals, exponent, <c>a/b</c>. Null if b is 0 or the
    /// text is longer than 400 characters.
    /// </summary>
    /// <exception cref="FormatException">The text is not such a number.</exception>
    public static Rational? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextLength)
        {
            return null;
        }

        string[] parts = text.Split('/');
        Rational top = ParseDecimal(parts[0]);
        if (parts.Length == 1)
        {
            return top;
        }

        Rational bottom = ParseDecimal(parts[1]);
        return bottom.Numerator.IsZero ? null : new(top.Numerator * bottom.Denominator, top.Denominator * bottom.Numerator);
    }

    /// <summary>The exact value of the shortest decimal that round-trips to the double.</summary>
    public static Rational FromDouble(double value) => ParseDecimal(value.ToString("R", CultureInfo.InvariantCulture));

    private static Rational ParseDecimal(string text)
    {
        text = text.Trim().Replace(",", "", StringComparison.Ordinal).Replace('\u2212', '-').Replace('\u2013', '-');
        int exponentAt = text.IndexOfAny(['e', 'E']);
        int exponent =
            exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = BigInteger.Parse(
            mantissa.Replace(".", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
        int power = exponent - decimals;
        return power >= 0 ? new(digits * BigInteger.Pow(10, power), 1) : new(digits, BigInteger.Pow(10, -power));
    }
}
