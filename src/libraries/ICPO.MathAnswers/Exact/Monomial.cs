using System.Globalization;
using System.Numerics;
using System.Text;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// A product of powers of independent generators: roots of primes (exponent in (0, 1)), i, π, e, logarithms of primes, variables and
/// symbolic powers. Generators are sorted by name, so equal products have equal keys.
/// </summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    public const string Imaginary = "i";
    public static readonly Monomial Unit = new([]);

    private readonly string _key;

    private Monomial((string Generator, Fraction Exponent)[] powers)
    {
        Powers = powers;
        StringBuilder key = new();
        foreach ((string generator, Fraction exponent) in powers)
        {
            key.Append(generator).Append('^').Append(exponent).Append(' ');
        }

        _key = key.ToString();
    }

    public IReadOnlyList<(string Generator, Fraction Exponent)> Powers { get; }

    public string Key => _key;

    public bool IsUnit => _key.Length == 0;

    public static string Prime(BigInteger prime) => $"√{prime}";

    public static string Logarithm(BigInteger prime) => $"ln{prime}";

    /// <summary>p if this is ln p, else null.</summary>
    public BigInteger? LogarithmOf =>
        Powers is [(['l', 'n', .. var digits], var exponent)] && exponent == Fraction.One
            ? BigInteger.Parse(digits, CultureInfo.InvariantCulture)
            : null;

    public static Monomial Of(string generator, Fraction exponent) => exponent.IsZero ? Unit : new([(generator, exponent)]);

    /// <summary>
    /// The product and its rational factor: integer powers of primes, and i² = −1. Null above the limits of fractions.
    /// </summary>
    public static (Monomial Product, Fraction Factor)? Multiply(Monomial left, Monomial right)
    {
        if (left.IsUnit)
        {
            return (right, Fraction.One);
        }

        if (right.IsUnit)
        {
            return (left, Fraction.One);
        }

        SortedDictionary<string, Fraction> powers = new(StringComparer.Ordinal);
        foreach ((string generator, Fraction exponent) in left.Powers)
        {
            powers[generator] = exponent;
        }

        foreach ((string generator, Fraction exponent) in right.Powers)
        {
            if (Fraction.Add(powers.GetValueOrDefault(generator, Fraction.Zero), exponent) is not { } sum)
            {
                return null;
            }

            powers[generator] = sum;
        }

        Fraction factor = Fraction.One;
        List<(string, Fraction)> kept = new(powers.Count);
        foreach ((string generator, Fraction exponent) in powers)
        {
            if (Reduce(generator, exponent) is not { } reduced || Fraction.Multiply(factor, reduced.Factor) is not { } next)
            {
                return null;
            }

            factor = next;
            if (!reduced.Exponent.IsZero)
            {
                kept.Add((generator, reduced.Exponent));
            }
        }

        return (kept.Count == 0 ? Unit : new([.. kept]), factor);
    }

    /// <summary>The generators with a base that may be composite.</summary>
    public IEnumerable<string> Uncertain =>
        Powers
            .Select(p => p.Generator)
            .Where(g =>
                g[0] != 'x'
                && g.Length > 6
                && g.Split([.. g.Where(c => !char.IsAsciiDigit(c))])
                    .Any(d => d.Length > 6 && BigInteger.Parse(d, CultureInfo.InvariantCulture) > PrimeFactors.Certain)
            );

    public bool Equals(Monomial? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    private static (Fraction Exponent, Fraction Factor)? Reduce(string generator, Fraction exponent)
    {
        if (generator[0] == '√')
        {
            BigInteger whole = exponent.Floor();
            return
                Fraction.Power(Fraction.Of(BigInteger.Parse(generator.AsSpan(1))), whole) is { } factor
                && Fraction.Add(exponent, Fraction.Of(-whole)) is { } rest
                ? (rest, factor)
                : null;
        }

        if (generator == Imaginary && exponent.IsInteger)
        {
            int turn = (int)(((exponent.Numerator % 4) + 4) % 4);
            return (Fraction.Of(turn % 2), turn >= 2 ? Fraction.One.Negate() : Fraction.One);
        }

        return (exponent, Fraction.One);
    }
}
