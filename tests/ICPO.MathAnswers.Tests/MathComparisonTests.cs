namespace ICPO.MathAnswers.Tests;

/// <summary>Answers that are easily taken for each other, and the neighbours that are the same.</summary>
public sealed class MathComparisonTests
{
    private static readonly MathJudge Judge = new();

    [Theory]
    [InlineData("f(3)=5", "f(3)=6", MathVerdictKind.Wrong)]
    [InlineData("P(2)=10", "P(2)=12", MathVerdictKind.Wrong)]
    [InlineData(@"\angle 1=30", @"\angle 1=50", MathVerdictKind.Wrong)]
    [InlineData(@"\lim_{x\to0}f(x)=1", @"\lim_{x\to0}f(x)=2", MathVerdictKind.Wrong)]
    [InlineData("2x=10", "2x=12", MathVerdictKind.Wrong)]
    [InlineData("f(3)=5", "f(3)=5", MathVerdictKind.Correct)]
    [InlineData("f(3)=5", "f(3)=2+3", MathVerdictKind.Correct)]
    [InlineData("f(3)=5", "5", MathVerdictKind.Correct)]
    [InlineData("2x=10", "x=5", MathVerdictKind.Correct)]
    [InlineData("2x+2y=10", "x+y=5", MathVerdictKind.Correct)]
    [InlineData("2^x=8", @"2\cdot2^x=16", MathVerdictKind.Correct)]
    public void Equations_between_constants_are_not_multiples_of_each_other(string gold, string answer, MathVerdictKind expected) =>
        Judged(gold, answer, expected);

    [Theory]
    [InlineData("(A)(B)")]
    [InlineData("A: B")]
    [InlineData("A. B")]
    [InlineData("(A) B")]
    public void Naming_two_choices_chooses_none(string answer)
    {
        Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("A", $"\\boxed{{{answer}}}").Kind);
        Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("B", $"\\boxed{{{answer}}}").Kind);
    }

    [Fact]
    public void A_choice_in_a_sentence_cannot_be_hedged_and_its_value_may_follow()
    {
        Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("A", "The answer is (A) (B).").Kind);
        Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("B", "The answer is (A) (B).").Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge("A", @"\boxed{(A) 12}").Kind);
        Assert.Equal(MathVerdictKind.Wrong, Judge.Judge("B", @"\boxed{(A) 12}").Kind);
    }

    [Theory]
    [InlineData("3mg", "3", MathVerdictKind.Wrong)]
    [InlineData(@"\frac12mg", @"\frac12", MathVerdictKind.Wrong)]
    [InlineData(@"\frac{2GM}{c^2}", @"\frac{2}{c^2}", MathVerdictKind.Wrong)]
    [InlineData(@"\sqrt{\frac{2GM}{R}}", @"\sqrt{\frac2R}", MathVerdictKind.Wrong)]
    [InlineData("2mg+1", "3", MathVerdictKind.Wrong)]
    [InlineData(@"\pi hr", @"\pi", MathVerdictKind.Wrong)]
    [InlineData("3mg", @"3m\cdot g", MathVerdictKind.Correct)]
    [InlineData(@"\frac12mg", @"\frac{mg}{2}", MathVerdictKind.Correct)]
    [InlineData(@"\frac{2GM}{c^2}", "2GM/c^2", MathVerdictKind.Correct)]
    [InlineData("5cm", "5", MathVerdictKind.Correct)]
    [InlineData("5 km", "5", MathVerdictKind.Correct)]
    [InlineData(@"9\pi cm", @"9\pi", MathVerdictKind.Correct)]
    public void Letters_of_a_formula_are_not_units(string gold, string answer, MathVerdictKind expected) => Judged(gold, answer, expected);

    [Theory]
    [InlineData("5 cm^2", "5 m^2", MathVerdictKind.Wrong)]
    [InlineData("5 m^2", "5 m^3", MathVerdictKind.Wrong)]
    [InlineData("5 cm", "5 kg", MathVerdictKind.Wrong)]
    [InlineData(@"3 \text{ square feet}", @"3 \text{ square meters}", MathVerdictKind.Wrong)]
    [InlineData(@"3 \text{ sq feet}", @"3 \text{ cubic feet}", MathVerdictKind.Wrong)]
    [InlineData("1 m^2", "10000 cm^2", MathVerdictKind.Correct)]
    [InlineData(@"3 \text{ square feet}", "3 ft^2", MathVerdictKind.Correct)]
    [InlineData("5", "5 cm^2", MathVerdictKind.Correct)]
    [InlineData(@"12 \text{ apples}", @"12 \text{ g}", MathVerdictKind.Correct)]
    public void Areas_lengths_and_masses_differ(string gold, string answer, MathVerdictKind expected) => Judged(gold, answer, expected);

    [Theory]
    [InlineData(@"4.5\,\mathrm{K}", "4.5", MathVerdictKind.Correct)]
    [InlineData(@"101\,\mathrm{kPa}", "101", MathVerdictKind.Correct)]
    [InlineData(@"13.6\,\mathrm{eV}", "13.6", MathVerdictKind.Correct)]
    [InlineData(@"44 \mathrm{~g} / \mathrm{mol}", "44", MathVerdictKind.Correct)]
    [InlineData(@"44 \mathrm{~g} / \mathrm{mol}", @"0.044 \mathrm{~kg} / \mathrm{mol}", MathVerdictKind.Correct)]
    [InlineData(@"2.4\,\mathrm{GHz}", @"2400\,\mathrm{MHz}", MathVerdictKind.Correct)]
    [InlineData(@"9.8 \text{ m/s}^2", @"9.8 \mathrm{~m} / \mathrm{s}^{2}", MathVerdictKind.Correct)]
    [InlineData(@"36 \text{ km/h}", @"10 \text{ m/s}", MathVerdictKind.Correct)]
    [InlineData(@"60 \text{ miles per hour}", @"60 \text{ mph}", MathVerdictKind.Correct)]
    [InlineData(@"5 \text{ ml}", @"5 \text{ cm}^3", MathVerdictKind.Correct)]
    [InlineData(@"2.4\,\mathrm{GHz}", @"2.4\,\mathrm{MHz}", MathVerdictKind.Wrong)]
    [InlineData(@"3\,\mathrm{mPa}", @"3\,\mathrm{MPa}", MathVerdictKind.Wrong)]
    [InlineData(@"13.6\,\mathrm{eV}", @"13.6\,\mathrm{kJ}", MathVerdictKind.Wrong)]
    [InlineData(@"10 \text{ km/h}", @"10 \text{ m/s}", MathVerdictKind.Wrong)]
    [InlineData(@"44 \mathrm{~g} / \mathrm{mol}", @"44 \mathrm{~kg} / \mathrm{mol}", MathVerdictKind.Wrong)]
    [InlineData(@"A\mathrm{K}", "A", MathVerdictKind.Wrong)]
    [InlineData("3Pa", "3", MathVerdictKind.Wrong)]
    public void An_upright_symbol_after_a_value_is_a_unit_and_its_prefix_counts(string gold, string answer, MathVerdictKind expected) =>
        Judged(gold, answer, expected);

    [Theory]
    [InlineData(@"(1+\sqrt2)^{100}+(1-\sqrt2)^{100}", @"(1+\sqrt2)^{100}", MathVerdictKind.Wrong)]
    [InlineData("(x+1)^{100}", "(x+1)^{100}+1", MathVerdictKind.Wrong)]
    [InlineData("(x+1)^{100}", "(x+1)^{99}(1+x)", MathVerdictKind.Correct)]
    public void Large_powers_are_exact(string gold, string answer, MathVerdictKind expected) => Judged(gold, answer, expected);

    [Theory]
    [InlineData(@"\sqrt2\cdot10^{-7}", "0.000000", MathVerdictKind.Wrong)]
    [InlineData(@"\pi/10^7", "0.000001", MathVerdictKind.Wrong)]
    [InlineData(@"\pi/10^3", "0.003142", MathVerdictKind.Correct)]
    [InlineData(@"\pi/10^3", "0.003141", MathVerdictKind.Correct)]
    [InlineData(@"\pi/10^3", "0.003144", MathVerdictKind.Wrong)]
    public void A_decimal_that_shows_no_digit_of_a_tiny_number_is_another_number(string gold, string answer, MathVerdictKind expected) =>
        Judged(gold, answer, expected);

    [Theory]
    [InlineData("y=1, x=2", MathVerdictKind.Wrong)]
    [InlineData("x=1, y=2", MathVerdictKind.Correct)]
    [InlineData("y=2, x=1", MathVerdictKind.Correct)]
    public void Equations_of_coordinates_are_the_point_in_the_order_of_their_names(string answer, MathVerdictKind expected) =>
        Judged("(1,2)", answer, expected);

    [Theory]
    [InlineData("(2,3)", "P(2,3)", MathVerdictKind.Correct)]
    [InlineData("(2,3)", "A(2, 3)", MathVerdictKind.Correct)]
    [InlineData("(2,3)", "P(3,2)", MathVerdictKind.Wrong)]
    [InlineData("P(2,3)=5", "F(2,3)=5", MathVerdictKind.Wrong)]
    [InlineData("(2,3)", "n(2,3)", MathVerdictKind.Wrong)]
    [InlineData("(1000, 2000)", "(1,000, 2,000)", MathVerdictKind.Correct)]
    [InlineData("(1, 200, 3)", "(1,200,3)", MathVerdictKind.Correct)]
    [InlineData("(1200, 3)", "(1,200,3)", MathVerdictKind.Wrong)]
    public void A_point_may_have_its_name_before_it_and_long_coordinates(string gold, string answer, MathVerdictKind expected) =>
        Judged(gold, answer, expected);

    [Theory]
    [InlineData("2.45", @"\sqrt6 \approx 2.45", MathVerdictKind.Correct)]
    [InlineData("2.45", @"x = \sqrt{6} \approx 2.45", MathVerdictKind.Correct)]
    [InlineData("2.45", @"\sqrt7 \approx 2.45", MathVerdictKind.Wrong)]
    [InlineData("2.45", @"7 \approx 2.45", MathVerdictKind.Wrong)]
    [InlineData("2.4", @"\sqrt6 \approx 2.45", MathVerdictKind.Wrong)]
    [InlineData("2.45", @"a \sqrt6 \approx 2.45", MathVerdictKind.Wrong)]
    [InlineData("2.45", @"\sqrt6", MathVerdictKind.Wrong)]
    public void A_value_that_is_rounded_as_it_should_be_equals_what_it_is_rounded_to(
        string gold,
        string answer,
        MathVerdictKind expected
    ) => Judged(gold, answer, expected);

    [Theory]
    [InlineData("(-2)^n", "(-1)^n2^n", MathVerdictKind.Correct)]
    [InlineData("(-1)^{n+1}", "-(-1)^n", MathVerdictKind.Correct)]
    [InlineData(@"\frac{1+(-1)^n}{2}", @"\frac{(-1)^n+1}{2}", MathVerdictKind.Correct)]
    [InlineData("(-1)^n", "(-1)^{n+1}", MathVerdictKind.Wrong)]
    [InlineData("(-2)^n", "(-1)^n3^n", MathVerdictKind.Wrong)]
    public void Powers_of_negative_numbers_are_compared_at_whole_exponents(string gold, string answer, MathVerdictKind expected) =>
        Judged(gold, answer, expected);

    [Theory]
    [InlineData("5", @"\boxed{5。}")]
    [InlineData("x > 5", @"\boxed{x＞5}")]
    [InlineData("x < 5", @"\boxed{x＜5}")]
    [InlineData(@"\{1, 2\}", @"\boxed{｛1，2｝}")]
    [InlineData(@"\frac35", @"\boxed{⅗}")]
    public void Signs_of_full_width_are_read(string gold, string response) =>
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge(gold, response).Kind);

    [Fact]
    public void Products_of_many_matrices_and_logarithms_of_huge_powers_end()
    {
        const string Matrix = @"\begin{pmatrix}1&1\\1&0\end{pmatrix}";
        Assert.NotEqual(MathVerdictKind.Correct, Judge.JudgeAnswer(Matrix, string.Concat(Enumerable.Repeat(Matrix, 40))).Kind);
        Assert.NotEqual(
            MathVerdictKind.Correct,
            Judge.JudgeAnswer("5", string.Join('+', Enumerable.Repeat(@"\ln(2^{9000}3^{600})", 100))).Kind
        );
        Assert.Equal(
            MathVerdictKind.Correct,
            Judge.JudgeAnswer(@"\begin{pmatrix}3&2\\2&1\end{pmatrix}", string.Concat(Enumerable.Repeat(Matrix, 3))).Kind
        );
    }

    private static void Judged(string gold, string answer, MathVerdictKind expected)
    {
        Assert.Equal(expected, Judge.JudgeAnswer(gold, answer).Kind);
        Assert.Equal(expected, Judge.JudgeAnswer(answer, gold).Kind);
    }
}
