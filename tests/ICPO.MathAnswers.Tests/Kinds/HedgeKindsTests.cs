namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Clauses that do not commit to their value, and texts that name several.</summary>
public sealed class HedgeKindsTests
{
    [Fact]
    public void A_value_that_is_left_uncertain_is_no_answer() =>
        Neighbors.Check(
            """
            4 ¦ The answer is about 4. ¦ wrong
            4 ¦ The answer is around 4. ¦ wrong
            4 ¦ The answer is approximately 4. ¦ wrong
            4 ¦ The answer is roughly $4$. ¦ wrong
            4 ¦ The answer is nearly 4. ¦ wrong
            4 ¦ The answer is almost exactly 4. ¦ wrong
            4 ¦ The answer is close to 4. ¦ wrong
            4 ¦ The answer is something like 4. ¦ wrong
            4 ¦ The answer is maybe 4. ¦ wrong
            4 ¦ The answer is perhaps $4$. ¦ wrong
            4 ¦ The answer is probably 4. ¦ wrong
            4 ¦ The answer is possibly the number 4. ¦ wrong
            4 ¦ The answer could be 4. ¦ wrong
            4 ¦ The answer might be 4. ¦ wrong
            4 ¦ The answer may well be $4$. ¦ wrong
            4 ¦ The final answer could possibly be 4. ¦ wrong
            4 ¦ The answer is 4 or so. ¦ wrong
            4 ¦ The answer is 4, or thereabouts. ¦ wrong
            4 ¦ The answer is 4, give or take. ¦ wrong
            4 ¦ The answer is 4, more or less. ¦ wrong
            4 ¦ The answer is 4, approximately. ¦ wrong
            4 ¦ The answer is 4, probably. ¦ wrong
            4 ¦ The answer is 4, I think. ¦ wrong
            4 ¦ Maybe the answer is 4. ¦ wrong
            4 ¦ Perhaps the final answer is $4$. ¦ wrong
            4 ¦ It is possible that the answer is 4. ¦ wrong
            4 ¦ Answer: about 4 ¦ wrong
            4 ¦ <answer>maybe 4</answer> ¦ wrong
            4 ¦ #### approximately 4 ¦ wrong
            4 ¦ \boxed{\text{about } 4} ¦ wrong
            4 ¦ \boxed{4 \text{ or so}} ¦ wrong
            4 ¦ \boxed{4 \text{ probably}} ¦ wrong
            """
        );

    [Fact]
    public void Words_that_look_like_a_hedge_do_not_hide_an_answer() =>
        Neighbors.Check(
            """
            4 ¦ The answer is $4$, not 5. ¦ correct
            5 ¦ The answer is $4$, not 5. ¦ wrong
            4 ¦ The answer is $4$, not $5$ or 6. ¦ correct
            4 ¦ The answer is $4$ rather than 5. ¦ correct
            4 ¦ The answer is $4$ because 5 is too large. ¦ correct
            4 ¦ The answer is 4, since $5$ is odd. ¦ correct
            3.14 ¦ The answer is about 3.14. ¦ correct
            3.14 ¦ The answer is approximately $3.14$. ¦ correct
            3.14 ¦ The answer is $\approx 3.14$. ¦ correct
            53 ¦ The answer is $\approx 53$. ¦ correct
            53 ¦ The answer is ≈ 53. ¦ correct
            53 ¦ \boxed{\approx 53} ¦ correct
            2.72 ¦ The answer is 2.72 approximately. ¦ correct
            4 ¦ The answer could be 5. But the answer is 4. ¦ correct
            4 ¦ Maybe 5? No: the answer is 4. ¦ correct
            4 ¦ The answer must be 4. ¦ correct
            4 ¦ The answer should be 4. ¦ correct
            \frac12 ¦ The answer can be written as $\frac12$. ¦ correct
            4 ¦ The answer is 4, which is about half of 9. ¦ correct
            4 ¦ The answer is 4. This took about 5 minutes. ¦ correct
            4 ¦ Probably 5 at first sight, but \boxed{4}. ¦ correct
            4 ¦ The answer is the likely one, 4. ¦ correct
            4 ¦ The answer is 4 around the circle. ¦ correct
            """
        );

    [Fact]
    public void A_value_that_is_left_uncertain_in_Chinese_is_no_answer() =>
        Neighbors.Check(
            """
            4 ¦ 答案是大约4。 ¦ wrong
            4 ¦ 答案大约是4。 ¦ wrong
            4 ¦ 答案约为 $4$。 ¦ wrong
            4 ¦ 答案接近4 ¦ wrong
            4 ¦ 答案可能是4。 ¦ wrong
            4 ¦ 答案也许是4 ¦ wrong
            4 ¦ 答案或许是 $4$ ¦ wrong
            4 ¦ 答案大概是4 ¦ wrong
            4 ¦ 答案估计是4 ¦ wrong
            4 ¦ 答案似乎是4 ¦ wrong
            4 ¦ 答案好像是4。 ¦ wrong
            4 ¦ 答案是4左右。 ¦ wrong
            4 ¦ 答案为4上下 ¦ wrong
            4 ¦ 答案是4吧。 ¦ wrong
            4 ¦ 也许答案是4。 ¦ wrong
            4 ¦ 可能答案是4 ¦ wrong
            4 ¦ 答案说不定是4 ¦ wrong
            3.14 ¦ 答案约为3.14。 ¦ correct
            3.14 ¦ 答案是3.14左右 ¦ correct
            4 ¦ 答案是最大公约数4。 ¦ correct
            4 ¦ 答案是4，可能的取值只有它。 ¦ correct
            4 ¦ 答案是4个约数。 ¦ correct
            4 ¦ 可能是5，但答案是4。 ¦ correct
            4 ¦ 答案是 $4$，不是5。 ¦ correct
            """
        );

    [Fact]
    public void Values_named_side_by_side_are_all_right_or_none_counts() =>
        Neighbors.Check(
            """
            4 ¦ The answer is 4. The answer is 5. ¦ wrong
            5 ¦ The answer is 4. The answer is 5. ¦ wrong
            5 ¦ The answer is $4$. The answer is $5$. ¦ wrong
            5 ¦ The answer is 4. So the answer is 5. ¦ wrong
            5 ¦ The answer is 4, and the answer is 5. ¦ wrong
            5 ¦ The answer is 4.⏎The answer is 5. ¦ wrong
            5 ¦ Answer: 4⏎Answer: 5 ¦ wrong
            5 ¦ Answer: 4⏎⏎Answer: 5 ¦ wrong
            5 ¦ The answer is 4. Another answer is 5. ¦ wrong
            5 ¦ <answer>4</answer><answer>5</answer> ¦ wrong
            5 ¦ #### 4⏎#### 5 ¦ wrong
            4 ¦ #### 4⏎#### 5 ¦ wrong
            5 ¦ 答案是4。答案是5。 ¦ wrong
            4 ¦ 答案是4。答案是5。 ¦ wrong
            5 ¦ 答案是4，所以答案是5 ¦ wrong
            4 ¦ The answer is 4. The answer is 4. ¦ correct
            0.5 ¦ The answer is $\frac12$. The answer is 0.5. ¦ correct
            4 ¦ The answer is $x = 4$. The answer is 4. ¦ correct
            4 ¦ #### 4⏎#### 4 ¦ correct
            5 ¦ The answer is 4. Wait, that is wrong. The answer is 5. ¦ correct
            5 ¦ The answer is 4. Actually, the answer is 5. ¦ correct
            5 ¦ The answer is 4. Let me check: 2 + 3 = 5. So the answer is 5. ¦ correct
            5 ¦ The answer to part (a) is 4. The final answer is 5. ¦ correct
            4 ¦ The answer is 4. Wait, that is wrong. The answer is 5. ¦ wrong
            5 ¦ 答案是4。不对，重新计算，答案是5。 ¦ correct
            """
        );
}
