namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Several values in the last sentence of a text without box or answer phrase, and one.</summary>
public sealed class SideBySideKindsTests
{
    [Fact]
    public void Values_side_by_side_are_not_one_of_them() =>
        Neighbors.Check(
            """
            4 ¦ $4$ / $5$ ¦ wrong
            5 ¦ $4$ / $5$ ¦ wrong
            \frac45 ¦ $4$ / $5$ ¦ correct
            4 ¦ We get $4$ / $5$. ¦ wrong
            5 ¦ We get $4$ / $5$. ¦ wrong
            5 ¦ So it is $4$/$5$. ¦ wrong
            4 ¦ So it is \(4\) / \(5\). ¦ wrong
            5 ¦ So it is \(4\) / \(5\). ¦ wrong
            5 ¦ The values are $x=4$ / $x=5$. ¦ wrong
            4 ¦ The values are $x=4$ / $x=5$. ¦ wrong
            4, 5 ¦ The values are $x=4$ / $x=5$. ¦ correct
            4 ¦ The answer is $4$ / $5$. ¦ wrong
            5 ¦ The answer is $4$ / $5$. ¦ wrong
            \frac45 ¦ The answer is $4$ / $5$. ¦ correct
            5 ¦ Answer: $4$ / $5$ ¦ wrong
            4 ¦ So we have $4$ or $5$. ¦ wrong
            5 ¦ So we have $4$ vs $5$. ¦ wrong
            5 ¦ So we have $4$ | $5$. ¦ wrong
            5 ¦ So we have $4$ & $5$. ¦ wrong
            5 ¦ So we have $4$ - $5$. ¦ wrong
            5 ¦ So we have $4$ – $5$. ¦ wrong
            5 ¦ So we have $4$ to $5$. ¦ correct
            5 ¦ It is between $4$ and $5$. ¦ wrong
            5 ¦ So we have $4$ + $5$. ¦ wrong
            4 ¦ So it is 4 or 5. ¦ wrong
            5 ¦ So it is 4 or 5. ¦ wrong
            4, 5 ¦ So it is 4 or 5. ¦ correct
            5 ¦ So it is 4 apples or 5 apples. ¦ wrong
            5 ¦ So x = 4 or x = 5. ¦ wrong
            4, 5 ¦ So x = 4 or x = 5. ¦ correct
            5 ¦ So it is 3, 4 or 5. ¦ wrong
            3, 4, 5 ¦ The roots found are 3, 4 and 5. ¦ correct
            5 ¦ The roots found are 4 and 5. ¦ wrong
            6 ¦ So it is 4/5/6. ¦ wrong
            \frac45 ¦ So it is 4/5. ¦ correct
            5 ¦ So it is 4/5. ¦ wrong
            \frac12 ¦ So it is $\frac12$ or 0.5. ¦ correct
            \frac12 ¦ So it is 1/2 or 0.5. ¦ correct
            7 ¦ She pays $5 and then $7. ¦ correct
            5 ¦ So $2$ + $3$ = $5$. ¦ correct
            1 ¦ So it takes 60 minutes, or 1 hour. ¦ correct
            5 ¦ 所以是4或5。 ¦ wrong
            4 ¦ 所以是4或5。 ¦ wrong
            5 ¦ 所以是 $4$ 或 $5$。 ¦ wrong
            5 ¦ 所以是4和5。 ¦ wrong
            5 ¦ 所以在4和5之间。 ¦ wrong
            5 ¦ 所以是4到5。 ¦ wrong
            5 ¦ 所以是 $4$ / $5$。 ¦ wrong
            5 ¦ 所以是5。 ¦ correct
            """
        );

    [Fact]
    public void A_sentence_that_gives_one_value_names_it() =>
        Neighbors.Check(
            """
            18 ¦ She makes 9 * 2 = $18 every day at the farmer's market. ¦ correct
            18 ¦ So she makes 18 dollars a day. ¦ correct
            3 ¦ It takes 2 + 1 = 3 bolts in total. ¦ correct
            5 ¦ Therefore he needs 5 more apples than before. ¦ correct
            5 ¦ Thus, Tom has 5 more apples. ¦ correct
            5 ¦ So Tom is 5 years older than Ann. ¦ correct
            20 ¦ He runs 20 miles, which is more than before. ¦ correct
            20 ¦ In total, that makes 20. ¦ correct
            20 ¦ So the total is 20, as required. ¦ correct
            20 ¦ The price went down from 25 to 20. ¦ correct
            20 ¦ The price drops from 25 to 20. ¦ correct
            20 ¦ The total number of apples is 20. ¦ correct
            20 ¦ So there are 20 apples and the rest are oranges. ¦ correct
            20 ¦ There are 12 boys and 20 girls. ¦ correct
            20 ¦ So we conclude that n = 20. ¦ correct
            20 ¦ So n must be 20. ¦ correct
            20 ¦ So n should equal 20. ¦ correct
            20 ¦ n equals 20 ¦ correct
            20 ¦ That leaves 20 for the others. ¦ correct
            20 ¦ **20** ¦ correct
            20 ¦ So it is **20**. ¦ correct
            20 ¦ Total: 20 ¦ correct
            20 ¦ Total - 20 ¦ correct
            20 ¦ Result → 20 ¦ correct
            20 ¦ 15 + 5 = 20 ¦ correct
            20 ¦ 4 * 5 = 20 apples ¦ correct
            20 ¦ It is 20 and not 15. ¦ correct
            20 ¦ It takes at least 5 steps, so the total is 20. ¦ correct
            20 ¦ Since it cannot be 15, it is 20. ¦ correct
            20 ¦ If x is 4, then the total is 20. ¦ correct
            20 ¦ When x is at least 4, the smallest total is 20. ¦ correct
            20 ¦ The minimum is 20. ¦ correct
            20 ¦ The function has a minimum of 20. ¦ correct
            20 ¦ The maximum possible value is 20. ¦ correct
            20 ¦ The least such n is 20. ¦ correct
            20 ¦ We cannot have fewer, hence 20. ¦ correct
            20 ¦ No student failed, so all 20 passed. ¦ correct
            20 ¦ The two numbers add up to 20. ¦ correct
            20 ¦ Rounded to the nearest integer this is 20. ¦ correct
            20 ¦ Rounding 19.6 to the nearest whole number, we get 20. ¦ correct
            20 ¦ So he has 20 left. ¦ correct
            20 ¦ He can buy up to 20 apples. ¦ wrong
            -20 ¦ So the temperature is -20. ¦ correct
            -20 ¦ So the temperature is −20 degrees. ¦ correct
            20 ¦ So he paid 20 dollars in all, or 5 dollars each. ¦ wrong
            3/4 ¦ So the probability is 3/4. ¦ correct
            3/4 ¦ So the probability is 3 / 4. ¦ correct
            3/4 ¦ So the probability is $\frac{3}{4}$. ¦ correct
            3/4 ¦ So the probability is $3/4$, or $75\%$. ¦ correct
            0.75 ¦ So it is $\frac34 = 0.75$. ¦ correct
            x=2, x=3 ¦ So the roots are $x = 2$ and $x = 3$. ¦ correct
            x=2, x=3 ¦ So the roots are x = 2 and x = 3. ¦ correct
            2, 3 ¦ So the roots are 2 and 3. ¦ correct
            3 ¦ So x = 2 and y = 3. ¦ correct
            (2, 3) ¦ So the point is (2, 3). ¦ correct
            12 ¦ The value is twice 6, that is, 12. ¦ correct
            12 ¦ Twice 6 is 12. ¦ correct
            12 ¦ Half of 24 is 12. ¦ correct
            12 ¦ A multiple of 4 greater than 8 is 12. ¦ correct
            12 ¦ The number of integers between 1 and 12 inclusive is 12. ¦ correct
            12 ¦ There are 12 integers from 1 to 20 that work. ¦ wrong
            12 ¦ Only 12 works. ¦ correct
            12 ¦ It's 12! ¦ correct
            12 ¦ It is 12.⏎⏎Does that help? ¦ correct
            12 ¦ We don't need more, so 12. ¦ correct
            12 ¦ He isn't late: he needs 12 minutes. ¦ correct
            12 ¦ I am not sure why, but it is 12. ¦ correct
            12 ¦ It is clear that this is 12. ¦ correct
            12 ¦ It is not clear how, but the sum is 12. ¦ correct
            12 ¦ You can be sure that it is 12. ¦ correct
            12 ¦ 所以一共有12个。 ¦ correct
            12 ¦ 所以最大值是12。 ¦ correct
            12 ¦ 所以最多有12个。 ¦ correct
            12 ¦ 不能少于5，所以是12。 ¦ correct
            12 ¦ 所以答：12 ¦ correct
            12 ¦ 所以小明有12元，比小红多。 ¦ correct
            12 ¦ 不超过20的数有12个。 ¦ correct
            12 ¦ 解得x=12，不是增根。 ¦ correct
            12 ¦ 故共需12小时。 ¦ correct
            12 ¦ 由于5不是偶数，所以为12。 ¦ correct
            1.5 ¦ So approximately 1.5 hours. ¦ correct
            1000 ¦ So he has $1,000 left. ¦ correct
            7 ¦ We need 6.5, so round up to 7. ¦ correct
            7 ¦ 3 more than 4 is 7. ¦ correct
            7 ¦ So he needs 7 hours or so? ¦ wrong
            """
        );
}
