using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// A sum of monomials with rational coefficients, none zero: equal sums are equal dictionaries. Operations that exceed the budget are null.
/// </summary>
internal sealed class Polynomial
{
    private const int MaxTerms = 200;

    public static readonly Polynomial Zero = new(Fraction.Zero);
    public static readonly Polynomial One = Of(Fraction.One);

    private Dictionary<Monomial, Fraction>? _terms;

    private Polynomial(Fraction value) => Rational = value;

    private Polynomial(Dictionary<Monomial, Fraction> terms)
    {
        _terms = terms;
        Rational = terms.Count switch
        {
            0 => Fraction.Zero,
            1 when terms.TryGetValue(Monomial.Unit, out Fraction value) => value,
            _ => null,
        };
    }

    /// <summary>The terms; made when they are asked for if it is a rational number, as most are.</summary>
    public IReadOnlyDictionary<Monomial, Fraction> Terms =>
        _terms ??= Rational is { IsZero: false } value ? new() { [Monomial.Unit] = value } : [];

    public bool IsZero => Rational is { IsZero: true };

    /// <summary>The value if it is a rational number, else null.</summary>
    public Fraction? Rational { get; }

    public static Polynomial Of(Fraction value) => value.IsZero ? Zero : new(value);

    public static Polynomial Of(Monomial monomial, Fraction coefficient) =>
        coefficient.IsZero ? Zero : new(new Dictionary<Monomial, Fraction> { [monomial] = coefficient });

    public static Polynomial? Add(Polynomial left, Polynomial right, Budget budget)
    {
        if (left.Rational is { } a && right.Rational is { } b)
        {
            return budget.Spend(2 + Fraction.Work(a, b)) && Fraction.Add(a, b) is { } total ? Of(total) : null;
        }

        if (!budget.Spend(left.Terms.Count + right.Terms.Count))
        {
            return null;
        }

        Dictionary<Monomial, Fraction> terms = new(left.Terms);
        foreach ((Monomial monomial, Fraction coefficient) in right.Terms)
        {
            if (!Accumulate(terms, monomial, coefficient, budget))
            {
                return null;
            }
        }

        return terms.Count > MaxTerms ? null : new(terms);
    }

    public static Polynomial? Multiply(Polynomial left, Polynomial right, Budget budget)
    {
        if (left.Rational is { } a && right.Rational is { } b)
        {
            return budget.Spend(1 + Fraction.Work(a, b)) && Fraction.Multiply(a, b) is { } product ? Of(product) : null;
        }

        if (!budget.Spend(4 * left.Terms.Count * right.Terms.Count))
        {
            return null;
        }

        Dictionary<Monomial, Fraction> terms = [];
        foreach ((Monomial first, Fraction x) in left.Terms)
        {
            foreach ((Monomial second, Fraction y) in right.Terms)
            {
                if (
                    !budget.Spend(Fraction.Work(x, y))
                    || Monomial.Multiply(first, second) is not { } product
                    || Fraction.Multiply(x, y) is not { } xy
                    || Fraction.Multiply(xy, product.Factor) is not { } coefficient
                    || !Accumulate(terms, product.Product, coefficient, budget)
                    || terms.Count > MaxTerms
                )
                {
                    return null;
                }
            }
        }

        return new(terms);
    }

    public Polynomial Negate() => Rational is { } value ? Of(value.Negate()) : new(Terms.ToDictionary(t => t.Key, t => t.Value.Negate()));

    private static bool Accumulate(Dictionary<Monomial, Fraction> terms, Monomial monomial, Fraction coefficient, Budget budget)
    {
        if (!terms.TryGetValue(monomial, out Fraction known))
        {
            terms.Add(monomial, coefficient);
            return true;
        }

        if (!budget.Spend(Fraction.Work(known, coefficient)) || Fraction.Add(known, coefficient) is not { } sum)
        {
            return false;
        }

        if (sum.IsZero)
        {
            terms.Remove(monomial);
        }
        else
        {
            terms[monomial] = sum;
        }

        return true;
    }
}
