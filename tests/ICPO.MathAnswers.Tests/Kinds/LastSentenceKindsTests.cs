namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Texts without box or answer phrase: what their last sentence says about its value.</summary>
public sealed class LastSentenceKindsTests
{
    [Fact]
    public void A_bound_is_no_answer_to_a_value() =>
        Neighbors.Check(
            """
            4 ¦ Hence x > 4. ¦ wrong
            x > 4 ¦ Hence x > 4. ¦ correct
            (4, \infty) ¦ Hence x > 4. ¦ correct
            x > 5 ¦ Hence x > 4. ¦ wrong
            4 ¦ Hence $x > 4$. ¦ wrong
            x > 4 ¦ Hence $x > 4$. ¦ correct
            4 ¦ Hence x \ge 4. ¦ wrong
            4 ¦ Hence x >= 4. ¦ wrong
            x \ge 4 ¦ Hence x >= 4. ¦ correct
            4 ¦ Hence x ≥ 4. ¦ wrong
            4 ¦ Hence 4 < x. ¦ wrong
            x > 4 ¦ Hence 4 < x. ¦ correct
            4 ¦ Hence 3 < x < 4. ¦ wrong
            (3, 4) ¦ Hence 3 < x < 4. ¦ correct
            x < 9 ¦ Hence x > 4 and x < 9. ¦ wrong
            4 ¦ Hence $x$ > $4$. ¦ wrong
            4 ¦ Hence x ≠ 4. ¦ wrong
            x \ne 4 ¦ Hence x ≠ 4. ¦ correct
            4 ¦ So x is greater than 4. ¦ wrong
            4 ¦ So x is at least 4. ¦ wrong
            4 ¦ So x is at most $4$. ¦ wrong
            4 ¦ So there are more than 4 apples. ¦ wrong
            4 ¦ So there are no fewer than 4 apples. ¦ wrong
            4 ¦ So x is over 4. ¦ wrong
            4 ¦ So it exceeds 4. ¦ wrong
            4 ¦ So it can be up to 4. ¦ wrong
            4 ¦ So it is 4 or more. ¦ wrong
            4 ¦ So it is 4 at most. ¦ wrong
            4 ¦ So we need 4+ apples. ¦ wrong
            4 ¦ So it is from 3 to 4. ¦ wrong
            4 ¦ So it lies between 3 and 4. ¦ wrong
            4 ¦ So x = 4, which is less than 5. ¦ correct
            5 ¦ So x = 4, which is less than 5. ¦ wrong
            4 ¦ So there are 4 of them, more than 3. ¦ correct
            4 ¦ This adds up to 4. ¦ correct
            4 ¦ We round 3.7 up to 4. ¦ correct
            4 ¦ Since x > 3, it is 4. ¦ correct
            4 ¦ Since x > 3, the least integer is x = 4. ¦ correct
            4 ¦ 所以 x > 4。 ¦ wrong
            4 ¦ 所以它大于4。 ¦ wrong
            4 ¦ 所以它不超过4。 ¦ wrong
            4 ¦ 所以至少是4。 ¦ wrong
            4 ¦ 所以是4以上。 ¦ wrong
            4 ¦ 所以x等于4。 ¦ correct
            4 ¦ 因为x大于3，所以x=4。 ¦ correct
            """
        );

    [Fact]
    public void A_denial_a_question_and_a_supposition_are_no_answer() =>
        Neighbors.Check(
            """
            4 ¦ the value is not 4 ¦ wrong
            4 ¦ So the value is not 4. ¦ wrong
            4 ¦ So the value is not $4$. ¦ wrong
            4 ¦ It isn't 4. ¦ wrong
            4 ¦ It is not equal to 4. ¦ wrong
            4 ¦ So x does not equal 4. ¦ wrong
            4 ¦ So x cannot be 4. ¦ wrong
            4 ¦ So x can't be 4. ¦ wrong
            4 ¦ It is never 4. ¦ wrong
            4 ¦ It is neither 3 nor 4. ¦ wrong
            4 ¦ It is anything but 4. ¦ wrong
            4 ¦ It is something other than 4. ¦ wrong
            4 ¦ It is different from 4. ¦ wrong
            4 ¦ It is not **4**. ¦ wrong
            4 ¦ So 4 is not possible. ¦ wrong
            4 ¦ So 4 does not work. ¦ wrong
            4 ¦ So 4 is wrong. ¦ wrong
            4 ¦ Is it 4? ¦ wrong
            4 ¦ Could x be 4? ¦ wrong
            4 ¦ Maybe it is 4. ¦ wrong
            4 ¦ Suppose x = 4. ¦ wrong
            4 ¦ I do not think it is 4. ¦ wrong
            4 ¦ I doubt that x is 4. ¦ wrong
            4 ¦ It is possible that x is 4. ¦ wrong
            4 ¦ not 4 ¦ wrong
            4 ¦ It is 4, not 5. ¦ correct
            5 ¦ It is 4, not 5. ¦ wrong
            4 ¦ It is 4 rather than 5. ¦ correct
            5 ¦ It is 4 rather than 5. ¦ wrong
            4 ¦ It is $4$ (not $5$). ¦ correct
            4 ¦ It is not 5 but 4. ¦ correct
            4 ¦ It is 4 because 5 is too large. ¦ correct
            5 ¦ It is 4 because 5 is too large. ¦ wrong
            4 ¦ The value is not 5. It is 4. ¦ correct
            5 ¦ The value is not 5. It is 4. ¦ wrong
            3 ¦ For n = 3, the value is not 4. ¦ wrong
            4 ¦ For n = 3, the value is not 4. ¦ wrong
            4 ¦ It is not hard to see that x = 4. ¦ correct
            4 ¦ The number of students who did not pass is 4. ¦ correct
            4 ¦ There is no doubt that it is 4. ¦ correct
            4 ¦ So 4 students did not pass. ¦ correct
            4 ¦ 它的值不是4。 ¦ wrong
            4 ¦ 所以x不等于4。 ¦ wrong
            4 ¦ 所以x不可能是4。 ¦ wrong
            4 ¦ 所以没有4。 ¦ wrong
            4 ¦ 所以4不符合题意。 ¦ wrong
            4 ¦ 所以没有重复数字的数有4个。 ¦ correct
            4 ¦ 所以不同的取法有4种。 ¦ correct
            4 ¦ 它是4，不是5。 ¦ correct
            4 ¦ 不是5，是4。 ¦ correct
            1 ¦ We get 3 + 1. The answer is not 4. ¦ wrong
            4 ¦ We get 3 + 1. The answer is not 5. It is 4. ¦ correct
            """
        );

    [Fact]
    public void An_approximation_in_words_names_decimals_only() =>
        Neighbors.Check(
            """
            4 ¦ So it is about 4. ¦ wrong
            4 ¦ So it is approximately 4. ¦ wrong
            4 ¦ So there are roughly 4 apples. ¦ wrong
            4 ¦ So it is around $4$. ¦ wrong
            4 ¦ So it is nearly 4. ¦ wrong
            4 ¦ So it is close to 4. ¦ wrong
            4 ¦ So it is 4 or so. ¦ wrong
            4 ¦ So it is 4, give or take. ¦ wrong
            4 ¦ So it might be 4. ¦ wrong
            4 ¦ So it is probably 4. ¦ wrong
            4 ¦ So it is ≈ 4. ¦ correct
            4 ¦ So x ≈ 4. ¦ correct
            4 ¦ So $x \approx 4$. ¦ correct
            4 ¦ \boxed{\approx 4} ¦ correct
            4 ¦ The answer is ≈ 4. ¦ correct
            4 ¦ The answer is about 4. ¦ wrong
            3.5 ¦ So it is about 3.5. ¦ correct
            3.5 ¦ So it is approximately 3.5. ¦ correct
            3.5 ¦ The answer is approximately 3.5. ¦ correct
            \frac72 ¦ The answer is approximately 3.5. ¦ correct
            3.5 ¦ \boxed{\approx 3.5} ¦ correct
            \frac13 ¦ The answer is about 0.33. ¦ wrong
            \frac12 ¦ The answer is about $\frac12$. ¦ wrong
            \pi ¦ The answer is about 3.14. ¦ wrong
            \pi ¦ The answer is about 3.141593. ¦ correct
            4 ¦ 所以大约是4。 ¦ wrong
            4 ¦ 所以约为4。 ¦ wrong
            4 ¦ 所以是4左右。 ¦ wrong
            3.5 ¦ 所以约为3.5。 ¦ correct
            4 ¦ 所以x≈4。 ¦ correct
            4 ¦ 所以最大公约数是4。 ¦ correct
            """
        );
}
