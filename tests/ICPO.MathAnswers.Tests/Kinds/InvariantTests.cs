using System.Globalization;

namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>What holds whatever is compared, on made-up expressions and sentences.</summary>
public sealed class InvariantTests
{
    private static readonly MathJudge Judge = new();

    private static readonly Gen<Expression> Expressions = Nested(3);

    /// <summary>The forms in which an expression can be printed: brackets, spacing, place of the sign, commands.</summary>
    private static readonly Gen<Style> Styles = Gen.Select(
        Gen.Int[0, 6],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 2],
        (bracket, spaced, moved, frac) => new Style(bracket, spaced, moved, frac)
    );

    private static readonly string[] Several =
    [
        "The answer is {0} or {1}.",
        "The answer is either {0} or {1}.",
        "The answer is ${0}$ or ${1}$.",
        "The answer is ${0}$ and ${1}$.",
        "The answers are {0} and {1}.",
        "The answer is {0}, or maybe {1}.",
        "The answer is {0} (or {1}).",
        "The answer is between {0} and {1}.",
        "The answer is from {0} to {1}.",
        "The answer is one of {0}, {1}.",
        "The answer is {0} or the answer is {1}.",
        "Final answer: {0}, {1}",
        "<answer>{0} or {1}</answer>",
        "#### {0} or {1}",
        "\\boxed{{{0}, {1}}}",
        "\\boxed{{{0} \\text{{ or }} {1}}}",
        "\\boxed{{{0}}} or \\boxed{{{1}}}",
        "\\boxed{{x={0}, x={1}}}",
        "\\boxed{{\\{{{0}, {1}\\}}}}",
        "答案是{0}或{1}。",
        "答案是{0}和{1}。",
        "答案在{0}和{1}之间。",
        "答案是{0}到{1}。",
    ];

    [Fact]
    public void Every_form_of_an_expression_is_the_same() =>
        Gen.Select(Expressions, Styles, Styles).Sample((e, a, b) => IsEqual(e.Print(a), e.Print(b)), iter: 600);

    [Fact]
    public void What_is_equal_in_one_form_is_equal_in_another() =>
        Gen.Select(Expressions, Expressions, Styles, Styles)
            .Sample((e, f, a, b) => IsEqual(e.Print(a), f.Print(a)) == IsEqual(e.Print(b), f.Print(b)), iter: 300);

    [Fact]
    public void Numbers_below_double_precision_count() =>
        Gen.Select(Expressions, Styles, Gen.Int[16, 80], Gen.Int[1, 9])
            .Sample(
                (e, style, places, digit) =>
                    !IsEqual(e.Print(style), $"{e.Print(style)} + {digit}\\cdot 10^{{-{places}}}")
                    && !IsEqual($"{e.Print(style)} - \\frac{{{digit}}}{{10^{{{places}}}}}", e.Print(style)),
                iter: 300
            );

    [Fact]
    public void A_response_that_names_several_values_is_never_correct() =>
        Gen.Select(Gen.Int[0, Several.Length - 1], Gen.Int[2, 99], Gen.Int[100, 999])
            .Sample(
                (form, first, second) =>
                {
                    string response = string.Format(CultureInfo.InvariantCulture, Several[form], first, second);
                    return !Judge.Judge($"{first}", response).IsCorrect && !Judge.Judge($"{second}", response).IsCorrect;
                },
                iter: 500
            );

    [Fact]
    public void Which_side_is_the_reference_does_not_matter() =>
        Gen.Select(Expressions, Expressions, Styles, Styles)
            .Sample((e, f, a, b) => IsEqual(e.Print(a), f.Print(b)) == IsEqual(f.Print(b), e.Print(a)), iter: 300);

    private static bool IsEqual(string gold, string answer)
    {
        bool boxed = Judge.Judge(gold, $"\\boxed{{{answer}}}").IsCorrect;
        Assert.Equal(boxed, Judge.JudgeAnswer(gold, answer).IsCorrect);
        return boxed;
    }

    private static Gen<Expression> Nested(int depth)
    {
        var atom = Gen.OneOf(
            Gen.Int[1, 30].Select(n => (Expression)new Leaf(n.ToString(CultureInfo.InvariantCulture))),
            Gen.Int[0, 2].Select(i => (Expression)new Leaf(new[] { "x", "y", "\\pi" }[i]))
        );
        if (depth == 0)
        {
            return atom;
        }

        Gen<Expression> inner = Nested(depth - 1);
        return Gen.OneOf(
            atom,
            Gen.Select(inner, inner, (a, b) => (Expression)new Sum(a, b)),
            Gen.Select(inner, inner, (a, b) => (Expression)new Difference(a, b)),
            Gen.Select(inner, inner, (a, b) => (Expression)new Product(a, b)),
            Gen.Select(inner, inner, (a, b) => (Expression)new Fraction(a, b)),
            Gen.Select(inner, Gen.Int[2, 3], (a, n) => (Expression)new Power(a, n)),
            inner.Select(a => (Expression)new Function("\\sin", a)),
            inner.Select(a => (Expression)new Function("\\cos", a))
        );
    }

    private sealed record Style(int Bracket, bool Spaced, bool SignMoved, int Frac)
    {
        /// <summary>A sum as an operand.</summary>
        public string Group(string text) =>
            Bracket switch
            {
                0 => $"({text})",
                1 => $"\\left({text}\\right)",
                2 => $"[{text}]",
                3 => $"\\left[{text}\\right]",
                4 => $"\\{{{text}\\}}",
                5 => $"\\Big[{text}\\Big]",
                _ => $"\\bigl({text}\\bigr)",
            };

        public string Sign(string sign) => Spaced ? $" {sign} " : sign;

        public string Command => new[] { "\\frac", "\\dfrac", "\\tfrac" }[Frac];
    }

    /// <summary>An expression that prints itself in a style; operands that are no letters or digits get brackets.</summary>
    private abstract record Expression
    {
        public abstract string Print(Style style);

        protected static string Operand(Expression e, Style style) =>
            e is Leaf ? e.Print(style) : style.Group(e.Print(style) + (e is Sum or Difference ? "" : "+0"));
    }

    private sealed record Leaf(string Text) : Expression
    {
        public override string Print(Style style) => Text;
    }

    private sealed record Sum(Expression Left, Expression Right) : Expression
    {
        public override string Print(Style style) => $"{Operand(Left, style)}{style.Sign("+")}{Operand(Right, style)}";
    }

    private sealed record Difference(Expression Left, Expression Right) : Expression
    {
        public override string Print(Style style) =>
            style.SignMoved
                ? $"{Operand(Left, style)} + -{Operand(Right, style)}"
                : $"{Operand(Left, style)}{style.Sign("-")}{Operand(Right, style)}";
    }

    private sealed record Product(Expression Left, Expression Right) : Expression
    {
        public override string Print(Style style) =>
            $"{Operand(Left, style)} {(style.Spaced ? "\\times" : "\\cdot")} {Operand(Right, style)}";
    }

    private sealed record Fraction(Expression Top, Expression Bottom) : Expression
    {
        public override string Print(Style style) => $"{style.Command}{{{Top.Print(style)}}}{{7+{Operand(Bottom, style)}^2}}";
    }

    private sealed record Power(Expression Base, int Exponent) : Expression
    {
        public override string Print(Style style) => $"{Operand(Base, style)}^{{{Exponent}}}";
    }

    private sealed record Function(string Name, Expression Argument) : Expression
    {
        public override string Print(Style style) => $"{Name}{style.Group(Argument.Print(style))}";
    }
}
