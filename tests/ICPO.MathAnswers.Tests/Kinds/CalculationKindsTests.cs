namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Numbers that words or signs continue to a calculation: neither their first nor their last number is the answer.</summary>
public sealed class CalculationKindsTests
{
    [Fact]
    public void The_operands_of_an_English_calculation_are_no_answer() =>
        Neighbors.Check(
            """
            3 ¦ The answer is 3+4, which is 7. ¦ wrong
            7 ¦ The answer is 3+4, which is 7. ¦ correct
            6 ¦ The answer is 6 plus 8. ¦ wrong
            8 ¦ The answer is 6 plus 8. ¦ wrong
            14 ¦ The answer is 6 plus 8. ¦ correct
            14 ¦ The answer is 6 plus 8, that is, 14. ¦ correct
            6 ¦ The answer is 6 plus 8, that is, 14. ¦ wrong
            6 ¦ The answer is 6 times 8, i.e., 48. ¦ wrong
            48 ¦ The answer is 6 times 8, i.e., 48. ¦ correct
            6 ¦ The answer is 6 * 8, namely 48. ¦ wrong
            48 ¦ The answer is 6 * 8, namely 48. ¦ correct
            48 ¦ The answer is 6 times 8 or 48. ¦ correct
            50 ¦ The answer is 6 times 8 or 50. ¦ wrong
            6 ¦ The answer is 6 over 8. ¦ wrong
            3/4 ¦ The answer is 6 over 8. ¦ correct
            6 ¦ The answer is 6 divided by 8. ¦ wrong
            6 ¦ The answer is 6 multiplied by 8. ¦ wrong
            6 ¦ The answer is 6 to the power of 2. ¦ wrong
            36 ¦ The answer is 6 to the power of 2. ¦ correct
            6 ¦ The answer is 6 squared. ¦ wrong
            36 ¦ The answer is 6 squared. ¦ correct
            6 ¦ The answer is 6 cubed, as we saw above. ¦ wrong
            6 ¦ The answer is 6 factorial. ¦ wrong
            720 ¦ The answer is 6 factorial. ¦ correct
            6 ¦ The answer is 6 choose 2. ¦ wrong
            15 ¦ The answer is 6 choose 2. ¦ correct
            6 ¦ The answer is 6 choose n. ¦ wrong
            2 ¦ The answer is 2 choose n. ¦ wrong
            3 ¦ The answer is 3 choose n. ¦ wrong
            2 ¦ The answer is n mod 4. ¦ wrong
            3 ¦ \boxed{\binom{3}{n}} ¦ wrong
            1 ¦ \boxed{\binom{n}{3}} ¦ wrong
            4 ¦ \boxed{\binom{4}{k}} ¦ wrong
            2 ¦ \boxed{n!} ¦ wrong
            1 ¦ \boxed{\gcd(n, 6)} ¦ wrong
            \binom{n}{k} ¦ \boxed{\binom{n}{n-k}} ¦ correct
            n\binom{n-1}{2} ¦ \boxed{3\binom{n}{3}} ¦ correct
            6 ¦ The answer is 6 choose k, where k is odd. ¦ wrong
            6 ¦ The answer is 6 in 8. ¦ wrong
            6 ¦ The answer is $6$ in $8$. ¦ wrong
            6 ¦ The answer is 6 in 1000, as we saw above. ¦ wrong
            6 ¦ The answer is 6 in total. ¦ correct
            6 ¦ The answer is 6 in. ¦ correct
            6 ¦ The answer is 6 in 2 hours. ¦ correct
            6 ¦ The answer is 6 inches. ¦ correct
            6 ¦ The answer is 6 root 2. ¦ wrong
            6\sqrt{2} ¦ The answer is 6 root 2. ¦ correct
            7 ¦ The answer is 7 mod 4. ¦ wrong
            3 ¦ The answer is 7 mod 4. ¦ correct
            30 ¦ The answer is 30 percent of 50. ¦ wrong
            15 ¦ The answer is 30 percent of 50. ¦ correct
            6 ¦ The answer is 6 out of 8. ¦ wrong
            6 ¦ The answer is 6 and a half. ¦ wrong
            13/2 ¦ The answer is 6 and a half. ¦ correct
            13/2 ¦ The answer is 6 and a half hours in total, as we saw. ¦ correct
            6 ¦ The answer is 6 and one-third. ¦ wrong
            6 ¦ The answer is 6 tenths. ¦ wrong
            6 ¦ The answer is 6 million people in all, as computed. ¦ wrong
            6 ¦ The answer is $6 plus $8. ¦ wrong
            14 ¦ The answer is $6 plus $8. ¦ correct
            6 ¦ The answer is 6 pens plus 8 pencils. ¦ wrong
            14 ¦ The answer is 6 pens plus 8 pencils, which is 14 things. ¦ correct
            6 ¦ The answer is 6 pens + 8 pencils. ¦ wrong
            6 ¦ The answer is 6 divided by the total. ¦ wrong
            6 ¦ The answer is 6 times the radius. ¦ wrong
            6 ¦ The answer is 6 plus 8, which is at least 14. ¦ wrong
            6 ¦ The answer is 6 times their number. ¦ wrong
            6 ¦ The answer is 6 hundredths. ¦ wrong
            6 ¦ The answer is 6 plus two. ¦ wrong
            6 ¦ The answer is 6 point five. ¦ wrong
            600 ¦ The answer is 6 hundred and five. ¦ wrong
            6 ¦ The answer is negative 6. ¦ wrong
            -6 ¦ The answer is negative 6. ¦ correct
            6 ¦ The answer is 6 hours and a half. ¦ wrong
            6 ¦ #### 6 times 8 ¦ wrong
            48 ¦ #### 6 times 8 ¦ correct
            6 ¦ #### 6 plus 8 eggs, so 14 ¦ wrong
            """
        );

    [Fact]
    public void The_last_operand_of_a_calculation_is_no_answer() =>
        Neighbors.Check(
            """
            8 ¦ So it is 6 plus 8. ¦ wrong
            14 ¦ So it is 6 plus 8. ¦ correct
            8 ¦ It is 6 times 8. ¦ wrong
            8 ¦ 6 minus 8 ¦ wrong
            8 ¦ 6 over 8 ¦ wrong
            8 ¦ 6 to the power of 8 ¦ wrong
            8 ¦ 20% of 8 ¦ wrong
            8 ¦ 20 percent of 8 ¦ wrong
            1.6 ¦ 20 percent of 8 ¦ correct
            8 ¦ 6 x 8 ¦ wrong
            8 ¦ So it is log base 2 of 8. ¦ wrong
            8 ¦ So it is 6 root 8. ¦ wrong
            8 ¦ So we need 9 choose 8. ¦ wrong
            9 ¦ So we need 9 choose 8. ¦ correct
            8 ¦ So it is 8 squared. ¦ wrong
            64 ¦ So it is 8 squared. ¦ correct
            8 ¦ So it is 8 factorial. ¦ wrong
            8 ¦ So it takes 8 and a half hours. ¦ wrong
            8.5 ¦ So it takes 8 and a half hours. ¦ correct
            8 ¦ So they earn 8 million dollars. ¦ wrong
            8 ¦ So he has 6 pens plus 8 pencils. ¦ wrong
            8 ¦ So it is $6$ plus $8$. ¦ wrong
            14 ¦ So it is $6$ plus $8$. ¦ correct
            8 ¦ So it is $8$ squared. ¦ wrong
            8 ¦ So y = 2x + 8. ¦ wrong
            8 ¦ So it is sin 8. ¦ wrong
            8 ¦ So it is ln 8. ¦ wrong
            8 ¦ So it is minus 8. ¦ wrong
            -8 ¦ So it is minus 8. ¦ correct
            8 ¦ So I log 8 hours. ¦ correct
            48 ¦ So 6 times 8 is 48. ¦ correct
            14 ¦ So it is 6 plus 8, namely 14. ¦ correct
            14 ¦ So 6 + 8 = 14. ¦ correct
            48 ¦ So it is 48, which is 6 times 8. ¦ correct
            8 ¦ So it is 48, which is 6 times 8. ¦ wrong
            8 ¦ So she swims 8 times a week. ¦ correct
            8 ¦ She swims 8 times. ¦ correct
            8 ¦ So there are 8 pairs. ¦ correct
            8 ¦ So it has 8 square meters. ¦ correct
            8 ¦ So 6 of them leave, and over 2 days 8 come. ¦ correct
            """
        );

    [Fact]
    public void Counts_units_and_reasons_are_no_calculation() =>
        Neighbors.Check(
            """
            6 ¦ The answer is 6 dozen. ¦ correct
            6 ¦ The answer is 6 quarters. ¦ correct
            6 ¦ The answer is 6 pairs of shoes. ¦ correct
            6 ¦ The answer is 6 times. ¦ correct
            6 ¦ The answer is 6 times a week. ¦ correct
            6 ¦ The answer is 6 times per day. ¦ correct
            6 ¦ The answer is 6 percent. ¦ correct
            6 ¦ The answer is 6 square meters. ¦ correct
            6 ¦ The answer is 6 meters squared. ¦ correct
            6 ¦ The answer is 6 squared meters. ¦ correct
            6 ¦ The answer is 6 (because 6+2=8). ¦ correct
            6 ¦ The answer is 6 - the others left. ¦ correct
            6 ¦ The answer is 6, since 2 plus 4 is 6. ¦ correct
            6 ¦ The answer is 6 because 2 times 3 is 6. ¦ correct
            6 ¦ The answer is 6, which is 2 times 3. ¦ correct
            6 ¦ The answer is 6 (2 times 3). ¦ correct
            6 ¦ The answer is 6: 2 times 3. ¦ correct
            6 ¦ The answer is 6 = 2 times 3. ¦ correct
            6 ¦ The answer is 6 in total. ¦ correct
            6 ¦ The answer is 6 days over the weekend. ¦ correct
            6 ¦ The answer is 6, and a half is left over. ¦ correct
            6 ¦ The answer is 6 x-intercepts. ¦ correct
            6 ¦ The answer is 6 (mod 7). ¦ correct
            15 ¦ The answer is 5 * 3 = 15 dollars. ¦ correct
            8 ¦ #### 5 + 3 = 8 eggs ¦ correct
            6 ¦ 答案是6种不同的取法 ¦ correct
            6 ¦ 答案是6千米 ¦ correct
            6 ¦ 答案是6千克 ¦ correct
            6 ¦ 答案是6个多边形 ¦ correct
            6 ¦ 答案是6平方厘米 ¦ correct
            """
        );

    [Fact]
    public void A_box_or_a_reference_answer_is_the_formula_that_its_words_say() =>
        Neighbors.Check(
            """
            6 ¦ \boxed{6 \text{ squared}} ¦ wrong
            36 ¦ \boxed{6 \text{ squared}} ¦ correct
            6 ¦ \boxed{6 factorial} ¦ wrong
            720 ¦ \boxed{6 factorial} ¦ correct
            6 ¦ \boxed{6 \text{ and a half}} ¦ wrong
            6.5 ¦ \boxed{6 \text{ and a half}} ¦ correct
            7 ¦ \boxed{7 \text{ mod } 4} ¦ wrong
            3 ¦ \boxed{7 \text{ mod } 4} ¦ correct
            6 ¦ \boxed{6 \text{ plus } 8} ¦ wrong
            14 ¦ \boxed{6 \text{ plus } 8} ¦ correct
            6 ¦ \boxed{6 \text{ out of } 8} ¦ wrong
            6 ¦ \boxed{6 \text{ dozen}} ¦ correct
            6 ¦ \boxed{6 \text{ meters squared}} ¦ correct
            6 ¦ The answer is $6$ squared. ¦ wrong
            36 ¦ The answer is $6$ squared. ¦ correct
            6 ¦ The answer is $6$ plus $8$. ¦ wrong
            14 ¦ The answer is $6$ plus $8$. ¦ correct
            6 ¦ The answer is $6$ divided by $8$. ¦ wrong
            6 ¦ The answer is $6$ plus $8$, which is $14$. ¦ wrong
            14 ¦ The answer is $6$ plus $8$, which is $14$. ¦ correct
            6 ¦ The answer is $6$ apples. ¦ correct
            6 squared ¦ \boxed{6} ¦ wrong
            6 squared ¦ \boxed{36} ¦ correct
            6 plus 8 ¦ \boxed{6} ¦ wrong
            6 plus 8 ¦ \boxed{14} ¦ correct
            $6$ squared ¦ \boxed{6} ¦ wrong
            6 and a half ¦ \boxed{6} ¦ wrong
            6 and a half ¦ \boxed{13/2} ¦ correct
            6 factorial ¦ \boxed{6} ¦ wrong
            20% of 50 ¦ \boxed{50} ¦ wrong
            20% of 50 ¦ \boxed{10} ¦ correct
            The answer is 6 plus 8 ¦ \boxed{6} ¦ wrong
            The total is 6+8, which is 14 ¦ \boxed{6} ¦ wrong
            6万 ¦ \boxed{6} ¦ wrong
            6万 ¦ \boxed{60000} ¦ correct
            6 times a week ¦ \boxed{6} ¦ correct
            """
        );

    [Fact]
    public void The_operands_of_a_Chinese_calculation_are_no_answer() =>
        Neighbors.Check(
            """
            6 ¦ 答案是6加8 ¦ wrong
            14 ¦ 答案是6加8 ¦ correct
            14 ¦ 答案是6加8，即14。 ¦ correct
            6 ¦ 答案是6加8等于14。 ¦ wrong
            14 ¦ 答案是6加8等于14。 ¦ correct
            6 ¦ 答案是6减8 ¦ wrong
            6 ¦ 答案是6乘以8 ¦ wrong
            48 ¦ 答案是6乘以8 ¦ correct
            6 ¦ 答案是6除以8 ¦ wrong
            6 ¦ 答案是6又1/2 ¦ wrong
            13/2 ¦ 答案是6又1/2 ¦ correct
            13/2 ¦ 答案是6又2分之1 ¦ correct
            6 ¦ 答案是6分之一 ¦ wrong
            1/6 ¦ 答案是6分之一 ¦ correct
            1/6 ¦ 答案是6分之1 ¦ correct
            6 ¦ 答案是6万 ¦ wrong
            60000 ¦ 答案是6万元 ¦ correct
            6 ¦ 答案是6多 ¦ wrong
            6 ¦ 答案是6个多 ¦ wrong
            6 ¦ 答案是6次方 ¦ wrong
            6 ¦ 答案是6成 ¦ wrong
            0.6 ¦ 答案是6成 ¦ correct
            6 ¦ 答案是6折 ¦ wrong
            6 ¦ 答案是6个半 ¦ wrong
            6.5 ¦ 答案是6个半 ¦ correct
            6 ¦ 答案是6的平方 ¦ wrong
            36 ¦ 答案是6的平方 ¦ correct
            6 ¦ 答案是6余1 ¦ wrong
            8 ¦ 所以是6加8。 ¦ wrong
            8 ¦ 所以是6乘以8。 ¦ wrong
            8 ¦ 所以一共是8万。 ¦ wrong
            80000 ¦ 所以一共是8万。 ¦ correct
            8 ¦ 所以是8分之一。 ¦ wrong
            8 ¦ 所以有8多个。 ¦ wrong
            8 ¦ 所以有8个。 ¦ correct
            14 ¦ 所以6加8等于14。 ¦ correct
            """
        );
}
