using System.Numerics;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Exact;

/// <summary>
/// Sums whose terms are a polynomial of the index: by Newton's forward differences, in time that depends on the degree and not on the
/// number of terms.
/// </summary>
internal static class PolynomialSum
{
    private const int MaxDegree = 16;

    /// <summary>The degree of an expression in a name; null if it is no polynomial of it with numbers as coefficients.</summary>
    public static int? Degree(Node node, string index) =>
        node switch
        {
            NumberNode => 0,
            SymbolNode symbol => symbol.Name == index ? 1 : null,
            NegateNode negate => Degree(negate.Value, index),
            BinaryNode { Kind: BinaryKind.Add or BinaryKind.Subtract } sum => Bounded(
                Math.Max(Degree(sum.Left, index) ?? MaxDegree + 1, Degree(sum.Right, index) ?? MaxDegree + 1)
            ),
            BinaryNode { Kind: BinaryKind.Multiply } product => Bounded(Degree(product.Left, index) + Degree(product.Right, index)),
            BinaryNode { Kind: BinaryKind.Divide, Right: NumberNode { Value.IsZero: false } } quotient => Degree(quotient.Left, index),
            BinaryNode { Kind: BinaryKind.Power, Right: NumberNode { Value: { IsInteger: true, Sign: > 0 } power } } whole
                when power.Numerator <= MaxDegree => Bounded(Degree(whole.Left, index) * (int)power.Numerator),
            _ => null,
        };

    /// <summary>f(first) + … over <paramref name="count"/> terms of a polynomial f, of which degree + 1 are given.</summary>
    public static Fraction? Of(ReadOnlySpan<Fraction> terms, BigInteger count)
    {
        Fraction[] differences = terms.ToArray();
        Fraction? total = Fraction.Zero;
        BigInteger ways = BigInteger.One; // binomial(count, order + 1)
        for (int order = 0; order < differences.Length && total is not null; order++)
        {
            ways = ways * (count - order) / (order + 1);
            total =
                Fraction.Multiply(differences[0], Fraction.Of(ways)) is { } part && Fraction.Add(total.Value, part) is { } sum ? sum : null;
            for (int i = 0; i + 1 < differences.Length - order; i++)
            {
                if (Fraction.Add(differences[i + 1], differences[i].Negate()) is not { } difference)
                {
                    return null;
                }

                differences[i] = difference;
            }
        }

        return total;
    }

    private static int? Bounded(int? degree) => degree <= MaxDegree ? degree : null;
}
