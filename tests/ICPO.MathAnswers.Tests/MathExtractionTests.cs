namespace ICPO.MathAnswers.Tests;

/// <summary>Text near an answer that is not part of it.</summary>
public sealed class MathExtractionTests
{
    private static readonly MathJudge Judge = new();

    [Theory]
    [InlineData("#### Step 2: Total\nThe answer is 18.", "18")]
    [InlineData("#### Final Answer\n18", "18")]
    [InlineData("#### Final Answer: 18", "18")]
    [InlineData("#### Step 1: Add 5 apples\nThat makes 18.", "18")]
    [InlineData("That makes 17 + 1.\n#### 18", "18")]
    [InlineData("That makes 17 + 1.\n#### 18 apples\nIn 5 steps.", "18 apples")]
    public void A_heading_is_not_an_answer(string text, string expected) => Assert.Equal(expected, Judge.Extract(text));

    [Theory]
    [InlineData("\\boxed{42}\n\nThis confirms that our final answer is correct.", "42")]
    [InlineData("\\boxed{42}\n\nThe final answer is above.", "42")]
    [InlineData("\\boxed{42}\n\nThe final answer is an integer, since 6 divides 252.", "42")]
    [InlineData("\\boxed{42}\n\nThe final answer is in simplest form.", "42")]
    [InlineData("The answer is 42. This answer is correct because 6*7=42.", "42")]
    [InlineData("First \\boxed{6}, then times 7. The final answer is 42.", "42")]
    [InlineData("First \\boxed{6}, then times 7. The final answer is $x=42$.", "x=42")]
    public void A_closing_remark_is_not_an_answer_but_a_stated_value_is(string text, string expected) =>
        Assert.Equal(expected, Judge.Extract(text));

    [Theory]
    [InlineData("The answer is 17, which is prime.", "17")]
    [InlineData("The answer is 17; see above", "17")]
    [InlineData("The answer is 17, 19", "17, 19")]
    [InlineData("The answer is red and blue", "red and blue")]
    public void Words_after_a_value_are_not_part_of_it(string text, string expected) => Assert.Equal(expected, Judge.Extract(text));

    [Theory]
    [InlineData("It is \u20135.", MathVerdictKind.Correct)]
    [InlineData("The answer is minus 5.", MathVerdictKind.Correct)]
    [InlineData("\\boxed{\\text{minus }5}", MathVerdictKind.Correct)]
    [InlineData("It lies in 3\u20135.", MathVerdictKind.Wrong)]
    public void A_dash_and_the_word_minus_are_signs(string response, MathVerdictKind expected)
    {
        Assert.Equal(expected, Judge.Judge("-5", response).Kind);
        Assert.Equal(
            expected == MathVerdictKind.Correct ? MathVerdictKind.Wrong : MathVerdictKind.Correct,
            Judge.Judge("5", response).Kind
        );
    }

    [Theory]
    [InlineData("B", "A 不对。答案：B")]
    [InlineData("B", "由 A=1，故选B。")]
    [InlineData("5", "答案是5。共用 3 步")]
    [InlineData("5", "最终答案为 $5$。共用 3 步")]
    [InlineData("B", "The correct option is B. It is not A.")]
    [InlineData("B", "The right choice is **(B)**.")]
    [InlineData("5", "The best choice is to factor first, which gives 5.")]
    public void Phrases_before_an_answer_are_known_in_two_languages(string gold, string response)
    {
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge(gold, response).Kind);
        Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("A", response).Kind);
    }

    [Fact]
    public void An_answer_after_thoughts_can_be_cut_off()
    {
        const string Thought = "<think>a</think>The answer is 12";
        Assert.Equal(MathVerdictKind.Unparseable, Judge.Judge("12", Thought, cutOff: true).Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge("12", Thought + ". It", cutOff: true).Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge("12", Thought).Kind);
    }
}
