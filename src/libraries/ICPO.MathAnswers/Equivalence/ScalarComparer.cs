using System.Numerics;
using ICPO.MathAnswers.Exact;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Equality of two expressions: exact if both have exact values; otherwise by their values at points that depend only on the names of their
/// variables. Positive points come first, then negative ones over the reals. Points where either side has no value do not count; if too few
/// are left, points inside and outside of the unit interval follow. Doubles are only used to find differences: apparent equality is
/// confirmed in arithmetic with error bounds, with a precision for the smallest number in the expressions (<see cref="Precise"/>).
/// </summary>
internal sealed partial class ScalarComparer(MathSettings settings, Budget budget)
{
    private const int Points = 7;
    private const int MaxPoints = 28;
    private const int EnoughPoints = 3;
    private const double Agreement = 1e-9;
    private const double ConstantAgreement = 1e-11;
    private const int CalculatorDigits = 12;
    private const double MinRelativeValue = 1e-3; // 0.000001 shows no digit of π/10^7.

    public bool AreEqual(Node left, Node right)
    {
        if (left is NumberNode a && right is NumberNode b && a.Value == b.Value)
        {
            return true;
        }

        if (Arithmetic.Evaluate(left, budget) is { } first && Arithmetic.Evaluate(right, budget) is { } second)
        {
            return first == second || Rounded(left, right, first, second);
        }

        ExactEvaluator evaluator = new(budget);
        if (evaluator.Evaluate(left) is { } x && evaluator.Evaluate(right) is { } y && Quotient.AreEqual(x, y, budget) is { } equal)
        {
            return equal || Rounded(left, right, x, y);
        }

        return left.HasVariables() || right.HasVariables() ? AgreeAtPoints(left, right) : AgreeAsNumbers(left, right);
    }

    /// <summary>
    /// True if left / right is the same (if required, positive) number at all points: the same equation or inequality.
    /// </summary>
    public bool AreProportional(Node left, Node right, bool positive)
    {
        if (ExactlyProportional(left, right, positive) is { } known)
        {
            return known;
        }

        Complex? first = null,
            start = null;
        // Constants such as f(3) - 5 and f(3) - 6 are always multiples of each other.
        bool varies = false;
        int agreed = 0,
            tried = 0;
        List<Point> points = [];
        foreach (Point point in PointsFor(left, right))
        {
            if (++tried > Points && agreed >= EnoughPoints)
            {
                break;
            }

            NumericEvaluator numeric = point.Evaluator(budget);
            Complex here = numeric.Evaluate(left),
                value = here / numeric.Evaluate(right);
            if (!IsFinite(value) || value == Complex.Zero)
            {
                continue;
            }

            first ??= value;
            start ??= here;
            varies |= Complex.Abs(here - start.Value) > 1e-7 * Complex.Abs(here);
            if (Complex.Abs(value - first.Value) > 1e-7 * Complex.Abs(first.Value))
            {
                return false;
            }

            points.Add(point);
            agreed++;
        }

        return agreed >= EnoughPoints
            && varies
            && (!positive || first is { Imaginary: 0, Real: > 0 })
            && Precise.AreProportional(left, right, points, budget);
    }

    /// <summary>Null if either side has no exact value, or generators might depend on each other.</summary>
    private bool? ExactlyProportional(Node left, Node right, bool positive)
    {
        ExactEvaluator evaluator = new(budget);
        if (
            evaluator.Evaluate(left) is not { } x
            || evaluator.Evaluate(right) is not { } y
            || x.Top.IsZero
            || y.Top.IsZero
            || x.Top.Rational is not null
        )
        {
            return null;
        }

        if (Proportion(x.Top, y.Top) is { } ratio)
        {
            bool sameBottom = x.Bottom.Rational is not null && y.Bottom.Rational is not null;
            return !positive || (sameBottom && ratio.Sign * (x.Bottom.Rational?.Sign ?? 1) * (y.Bottom.Rational?.Sign ?? 1) > 0);
        }

        // Polynomials over rational numbers have no other multiples.
        bool decided = x.Bottom.Rational is not null && y.Bottom.Rational is not null && IsOfVariables(x.Top) && IsOfVariables(y.Top);
        return decided ? false : null;
    }

    private static bool IsOfVariables(Polynomial polynomial) => polynomial.Terms.Keys.All(m => m.Powers.All(p => p.Generator[0] == 'x'));

    private static Fraction? Proportion(Polynomial left, Polynomial right)
    {
        if (left.Terms.Count != right.Terms.Count)
        {
            return null;
        }

        Fraction? ratio = null;
        foreach ((Monomial monomial, Fraction coefficient) in left.Terms)
        {
            if (
                !right.Terms.TryGetValue(monomial, out Fraction other)
                || Fraction.Divide(coefficient, other) is not { } here
                || (ratio is { } known && known != here)
            )
            {
                return null;
            }

            ratio = here;
        }

        return ratio;
    }

    private bool AgreeAtPoints(Node left, Node right)
    {
        int oneSided = 0,
            tried = 0;
        List<Point> agreed = [];
        foreach (Point point in PointsFor(left, right))
        {
            if (++tried > Points && agreed.Count >= EnoughPoints)
            {
                break;
            }

            NumericEvaluator numeric = point.Evaluator(budget);
            Complex x = numeric.Evaluate(left),
                y = numeric.Evaluate(right);
            if (!IsFinite(x) || !IsFinite(y))
            {
                oneSided += IsFinite(x) == IsFinite(y) ? 0 : 1;
                continue;
            }

            if (!Close(x, y, Agreement))
            {
                return false;
            }

            agreed.Add(point);
        }

        bool isEnough = agreed.Count >= EnoughPoints;
        return ((isEnough || (agreed.Count == 0 && oneSided == 0)) && NodeText.Of(left) == NodeText.Of(right))
            || (isEnough && Precise.AreEqual(left, right, agreed, budget));
    }

    private bool AgreeAsNumbers(Node left, Node right)
    {
        NumericEvaluator evaluator = new([], false, budget);
        Complex x = evaluator.Evaluate(left),
            y = evaluator.Evaluate(right);
        bool areFinite = IsFinite(x) && IsFinite(y);
        if (areFinite && !Close(x, y, ConstantAgreement))
        {
            return AgreeRounded(left, right, x, y);
        }

        if (NodeText.Of(left) == NodeText.Of(right))
        {
            return true;
        }

        if (left.Any(IsInfinity) && right.Any(IsInfinity))
        {
            return double.IsInfinity(x.Real) && x.Real == y.Real;
        }

        // Doubles overflow above 10^308; an undefined expression equals only its own notation.
        bool overflows = double.IsInfinity(x.Real) || double.IsInfinity(y.Real);
        return ((areFinite || overflows) && Precise.AreEqual(left, right, [new([], false)], budget))
            || (areFinite && AgreeRounded(left, right, x, y));
    }

    private bool Rounded(Node left, Node right, Quotient x, Quotient y)
    {
        if (x.Rational is { } a && y.Rational is { } b)
        {
            return Rounded(left, right, a, b);
        }

        if (left.AsDecimal() is null && right.AsDecimal() is null && !Tolerant)
        {
            return false;
        }

        NumericEvaluator evaluator = new([], false, budget);
        Complex p = evaluator.Evaluate(left),
            q = evaluator.Evaluate(right);
        return IsFinite(p) && IsFinite(q) && AgreeRounded(left, right, p, q);
    }

    /// <summary>Without a tolerance two fractions differ, unless one is the other as printed by a calculator.</summary>
    private bool Rounded(Node left, Node right, Fraction a, Fraction b) =>
        (left.AsDecimal() is { } l && l.Digits >= CalculatorDigits && Within(a, b, l.Decimals))
        || (right.AsDecimal() is { } r && r.Digits >= CalculatorDigits && Within(a, b, r.Decimals))
        || (Tolerant && Tolerated(a.ToDouble(), b.ToDouble()));

    private static bool Within(Fraction a, Fraction b, int decimals) =>
        Fraction.Add(a, b.Negate()) is { } difference && difference.Abs().CompareTo(new(10, BigInteger.Pow(10, decimals))) <= 0;

    /// <summary>True if one side is a decimal that shows enough digits of the irrational other side, rounded or truncated.</summary>
    private bool AgreeRounded(Node left, Node right, Complex x, Complex y)
    {
        NumberNode? written = left.AsDecimal() ?? right.AsDecimal();
        if (
            written is not null
            && (left.AsDecimal() is null || right.AsDecimal() is null)
            && !IsTruncatedRational(left, right)
            && written.Decimals >= settings.IrrationalDecimals
            && Complex.Abs(x - y)
                <= Math.Min(
                    1.01 * Math.Pow(10, -Math.Min(written.Decimals, 9)),
                    MinRelativeValue * Math.Max(Complex.Abs(x), Complex.Abs(y))
                )
        )
        {
            return true;
        }

        return Tolerant && x.Imaginary == 0 && y.Imaginary == 0 && Tolerated(x.Real, y.Real);
    }

    /// <summary>0.142… may be 1/7 or not: only a decimal that shows its period is a rational number.</summary>
    private bool IsTruncatedRational(Node left, Node right) =>
        left.Any(IsTruncated) != right.Any(IsTruncated)
        && new ExactEvaluator(budget).Evaluate(left.Any(IsTruncated) ? right : left)?.Rational is not null;

    private static bool IsTruncated(Node node) => node is CallNode { Name: LatexParser.Truncation };

    /// <summary>True for a constant with the digits of the decimal.</summary>
    public bool RoundsTo(Node exact, NumberNode rounded) =>
        Complex.Abs(new NumericEvaluator([], false, budget).Evaluate(exact) - rounded.Value.ToDouble())
        <= 0.5000001 * Math.Pow(10, -rounded.Decimals);

    private bool Tolerant => settings.RoundTo is not null || settings.RelativeTolerance > 0;

    private bool Tolerated(double x, double y) =>
        (settings.RoundTo is { } decimals && Math.Abs(x - y) <= 0.5000001 * Math.Pow(10, -decimals))
        || Math.Abs(x - y) <= settings.RelativeTolerance * Math.Max(Math.Abs(x), Math.Abs(y));

    /// <summary>Doubles do not show a difference. Very small numbers are left to <see cref="Precise"/>.</summary>
    private static bool Close(Complex x, Complex y, double tolerance)
    {
        double difference = Complex.Abs(x - y),
            size = Math.Max(Complex.Abs(x), Complex.Abs(y));
        return difference <= tolerance * size || (size < 1e-11 && difference < 1e-11);
    }

    private static bool IsInfinity(Node node) => node is ConstantNode { Kind: ConstantKind.Infinity };

    private static bool IsFinite(Complex value) => double.IsFinite(value.Real) && double.IsFinite(value.Imaginary);
}
