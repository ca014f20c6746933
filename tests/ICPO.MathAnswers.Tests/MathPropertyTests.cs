using System.Globalization;

namespace ICPO.MathAnswers.Tests;

/// <summary>What holds for every text and every expression, on made-up ones.</summary>
public sealed class MathPropertyTests
{
    private static readonly MathJudge Judge = new();

    private static readonly Gen<string> Atom = Gen.OneOf(
        Gen.Int[0, 99].Select(n => n.ToString(CultureInfo.InvariantCulture)),
        Any("x", "y", "\\pi", "e", "a_1", "0.25")
    );

    private static readonly Gen<string> Expression = Nested(3);

    private static readonly Gen<string> Answer = Gen.OneOf(
        Expression,
        Gen.Select(Expression, Expression, (a, b) => $"\\left({a}, {b}\\right)"),
        Gen.Select(Expression, Expression, (a, b) => $"\\{{{a}, {b}\\}}"),
        Gen.Select(Gen.Int[-50, 0], Gen.Int[1, 50], (a, b) => $"[{a}, {b})"),
        Gen.Select(Expression, Expression, (a, b) => $"\\begin{{pmatrix}} {a} \\\\ {b} \\end{{pmatrix}}"),
        Expression.Select(a => $"y = {a}"),
        Gen.Int[1, 99].Select(n => $"{n}\\%"),
        Gen.Int[1, 99].Select(n => $"x \\le {n}")
    );

    /// <summary>Pieces of notation in any order: what a model writes when it goes astray.</summary>
    private static readonly Gen<string> Garbage = Gen.OneOf(
            Any(
                "\\frac",
                "\\sqrt",
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                "^",
                "_",
                "\\left(",
                "\\right)",
                "|",
                "\\{",
                "\\}",
                ",",
                "=",
                "<",
                "\\le",
                "9",
                "12",
                "1,234",
                "x",
                "e",
                "i",
                "!",
                "%",
                "^\\circ",
                "\\begin{pmatrix}",
                "\\end{pmatrix}",
                "&",
                "\\\\",
                "\\text{",
                "and",
                "\\pm",
                "\\sin",
                "\\log_",
                "\\sum_{k=1}^{",
                "\\boxed{",
                "$",
                "####",
                "answer is ",
                "-",
                "+",
                "/",
                ":",
                ".",
                "\\infty",
                "\\cup",
                "\\binom",
                "<think>",
                "^{9^{9^9}}",
                "10^"
            ),
            Gen.String[0, 3]
        )
        .List[0, 40]
        .Select(string.Concat);

    [Fact]
    public void Every_answer_equals_itself() => Answer.Sample(a => IsEqual(a, Spaced(a)), iter: 300);

    [Fact]
    public void Which_side_is_gold_does_not_matter() =>
        Gen.Select(Answer, Answer).Sample((a, b) => IsEqual(a, b) == IsEqual(b, a), iter: 300);

    [Fact]
    public void Formatting_does_not_matter() => Answer.Sample(a => IsEqual(a, Formatted(a)), iter: 300);

    [Fact]
    public void A_hundredth_more_is_another_number() =>
        Expression.Sample(
            a =>
                IsEqual(a, "0")
                || (!IsEqual(a, $"\\frac{{101}}{{100}} \\cdot {a}") && !IsEqual($"\\frac{{999}}{{1000}}\\left({a}\\right)", a)),
            iter: 300
        );

    [Fact]
    public void Sums_and_products_commute() =>
        Gen.Select(Expression, Expression)
            .Sample((a, b) => IsEqual($"{a} + {b}", $"{b} + {a}") && IsEqual($"({a})({b})", $"({b}) \\cdot ({a})"), iter: 300);

    [Fact]
    public void A_boxed_answer_is_found_in_any_text() =>
        Answer.Sample(
            a => Judge.Judge($"${a}$", $"First $3$, then \\boxed{{7}} as a step.\nSo \\[\\boxed{{{a}}}\\]").Kind == MathVerdictKind.Correct,
            iter: 200
        );

    [Fact]
    public void Any_text_gets_a_verdict() =>
        Gen.Select(Garbage, Garbage)
            .Sample(
                (gold, answer) =>
                    Judge.Judge(gold, answer).Kind
                        is MathVerdictKind.Correct
                            or MathVerdictKind.Wrong
                            or MathVerdictKind.Unparseable
                            or MathVerdictKind.InvalidGold
                    && Judge.JudgeAnswer(gold, answer).Kind
                        is MathVerdictKind.Correct
                            or MathVerdictKind.Wrong
                            or MathVerdictKind.Unparseable
                            or MathVerdictKind.InvalidGold,
                iter: 3000
            );

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Gen<string> Nested(int depth)
    {
        if (depth == 0)
        {
            return Atom;
        }

        Gen<string> inner = Nested(depth - 1);
        return Gen.OneOf(
            Atom,
            Gen.Select(inner, inner, (a, b) => $"\\frac{{{a}}}{{1+\\left({b}\\right)^{{2}}}}"),
            Gen.Select(inner, inner, Any("+", "-", "\\cdot "), (a, b, sign) => $"\\left({a} {sign} {b}\\right)"),
            Gen.Select(inner, Gen.Int[2, 3], (a, n) => $"\\left({a}\\right)^{{{n}}}"),
            inner.Select(a => $"\\sqrt{{1+\\left({a}\\right)^{{2}}}}"),
            inner.Select(a => $"\\cos\\left({a}\\right)")
        );
    }

    private static bool IsEqual(string gold, string answer) => Judge.JudgeAnswer(gold, answer).Kind == MathVerdictKind.Correct;

    private static string Spaced(string text) => $" {text} ".Replace("+", " + ", StringComparison.Ordinal);

    private static string Formatted(string text) =>
        text.Replace("\\frac", "\\dfrac", StringComparison.Ordinal)
            .Replace("\\left", "", StringComparison.Ordinal)
            .Replace("\\right", "", StringComparison.Ordinal)
            .Replace("\\cdot ", "\\times\\,", StringComparison.Ordinal)
            .Replace("pmatrix", "bmatrix", StringComparison.Ordinal);
}
