using System.Globalization;
using System.Numerics;
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

    private readonly (string Generator, Fraction Exponent)[] _powers;
    private readonly int _hash;

    private Monomial((string Generator, Fraction Exponent)[] powers)
    {
        _powers = powers;
        foreach ((string generator, Fraction exponent) in powers)
        {
            _hash = HashCode.Combine(_hash, generator.GetHashCode(StringComparison.Ordinal), exponent);
        }
    }

    public IReadOnlyList<(string Generator, Fraction Exponent)> Powers => _powers;

    /// <summary>Equal for equal products.</summary>
    public string Key => string.Concat(_powers.Select(p => $"{p.Generator}^{p.Exponent} "));

    public bool IsUnit => _powers.Length == 0;

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

        Fraction factor = Fraction.One;
        List<(string, Fraction)> kept = new(left._powers.Length + right._powers.Length);
        for (int i = 0, j = 0; i < left._powers.Length || j < right._powers.Length; )
        {
            int order = Compare(left._powers, i, right._powers, j);
            (string generator, Fraction exponent) = order <= 0 ? left._powers[i] : right._powers[j];
            if (order == 0)
            {
                if (
                    Fraction.Add(exponent, right._powers[j].Exponent) is not { } sum
                    || Reduce(generator, sum) is not { } reduced
                    || Fraction.Multiply(factor, reduced.Factor) is not { } next
                )
                {
                    return null;
                }

                (exponent, factor) = (reduced.Exponent, next);
            }

            if (!exponent.IsZero)
            {
                kept.Add((generator, exponent));
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return (kept.Count == 0 ? Unit : new([.. kept]), factor);
    }

    /// <summary>Which of two generators comes first; one that is missing comes last.</summary>
    private static int Compare((string Generator, Fraction Exponent)[] left, int i, (string Generator, Fraction Exponent)[] right, int j)
    {
        if (i == left.Length)
        {
            return 1;
        }

        return j == right.Length ? -1 : string.CompareOrdinal(left[i].Generator, right[j].Generator);
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

    public bool Equals(Monomial? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _powers.AsSpan().SequenceEqual(other._powers)));

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

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
