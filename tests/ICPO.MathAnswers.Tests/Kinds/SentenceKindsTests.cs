namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Reference answers in words, and answer phrases that give no single answer.</summary>
public sealed class SentenceKindsTests
{
    [Fact]
    public void A_reference_answer_is_its_value_or_is_refused() =>
        Neighbors.Check(
            """
            The maximum value is $9$ when $x=3$ ¦ \boxed{9} ¦ correct
            The maximum value is $9$ when $x=3$ ¦ \boxed{3} ¦ wrong
            The maximum value of $f$ on $[0,1]$ is $\frac{3}{2}$. ¦ \boxed{1.5} ¦ correct
            The maximum value of $f$ on $[0,1]$ is $\frac{3}{2}$. ¦ \boxed{1} ¦ wrong
            $\frac{3}{4}$, achieved when $x=y$ ¦ \boxed{\frac34} ¦ correct
            $\frac{3}{4}$ (attained at $x = 7$) ¦ \boxed{7} ¦ wrong
            $y=C_1e^{x}+C_2$, where $C_1, C_2$ are arbitrary constants ¦ \boxed{y=C_1e^x+C_2} ¦ correct
            $f(x)=cx$ for some constant $c$ ¦ \boxed{f(x)=cx} ¦ correct
            $f(x)=cx$ for some constant $c$ ¦ \boxed{c} ¦ wrong
            $2^{n}$ for all $n \ge 1$ ¦ \boxed{2^n} ¦ correct
            $2^{n}$ for all $n \ge 1$ ¦ \boxed{1} ¦ wrong
            There are $3$ such numbers ¦ \boxed{3} ¦ correct
            $12$ square units ¦ \boxed{12} ¦ correct
            12 when x=2 ¦ \boxed{12} ¦ correct
            12 when x=2 ¦ \boxed{2} ¦ wrong
            n is even or 3 ¦ \boxed{3} ¦ wrong
            p is a prime greater than 5 ¦ \boxed{5} ¦ wrong
            No, because 9 is a square ¦ \boxed{9} ¦ wrong
            No, because 9 is a square ¦ \boxed{\text{No}} ¦ correct
            even $n$ ¦ The answer is even $n$. ¦ correct
            even $n$ ¦ \boxed{n} ¦ wrong
            all multiples of 3 ¦ \boxed{3} ¦ wrong
            at least 4 ¦ \boxed{4} ¦ wrong
            between 3 and 4 ¦ \boxed{4} ¦ wrong
            the minimum is $4$ and the maximum is $9$ ¦ \boxed{9} ¦ wrong
            the minimum is $4$ and the maximum is $9$ ¦ \boxed{4} ¦ wrong
            $k=2$ is the only solution ¦ \boxed{2} ¦ correct
            最小值为 $4$，当 $x=2$ 时取得 ¦ \boxed{4} ¦ correct
            最小值为 $4$，当 $x=2$ 时取得 ¦ \boxed{2} ¦ wrong
            $y=Ce^x$，其中 $C$ 为任意常数 ¦ \boxed{y=Ce^x} ¦ correct
            The answer is 5 because 7 is odd ¦ \boxed{7} ¦ wrong
            $x=1$ or $x=2$ ¦ \boxed{1, 2} ¦ correct
            $x=1$ or $x=2$ ¦ \boxed{2} ¦ wrong
            $y = x^2 + C$ for any constant $C$ ¦ \boxed{y = x^2 + K} ¦ correct
            $y = x^2 + C$ for any constant $C$ ¦ \boxed{y = x^2} ¦ wrong
            $p = 2$ is the only such prime. ¦ \boxed{2} ¦ correct
            The area is $12\pi$ square units. ¦ \boxed{12} ¦ wrong
            All $n$ that are not powers of $2$ ¦ \boxed{2} ¦ wrong
            6 (or 0) ¦ \boxed{6} ¦ wrong
            $k \ge 3$ ¦ \boxed{3} ¦ wrong
            no solution ¦ \boxed{\text{no solutions}} ¦ correct
            no solution ¦ \boxed{\emptyset} ¦ correct
            当 $x=2$ 时，最小值为 $4$ ¦ \boxed{2} ¦ wrong
            大于3的所有整数 ¦ \boxed{3} ¦ wrong
            """
        );

    [Fact]
    public void Denials_alternatives_bounds_and_ranges_are_no_answer() =>
        Neighbors.Check(
            """
            4 ¦ The answer is 4. ¦ correct
            4 ¦ The final answer is $4$. ¦ correct
            4 ¦ The answer must be 4. ¦ correct
            4 ¦ The answer is 4, not 5 or 6. ¦ correct
            4 ¦ The answer is 4 rather than 5. ¦ correct
            4 ¦ The answer is not 5. It is 4. ¦ correct
            4 ¦ The answer is not 5 but 4. ¦ correct
            4 ¦ The answer is exactly 4 because 5 or 6 would be too many. ¦ correct
            4, 5 ¦ The answer is either 4 or 5. ¦ correct
            \frac34 ¦ The answer is $\frac34$ or 0.75. ¦ correct
            4 ¦ 答案是4。 ¦ correct
            4 ¦ 答案是 $4$，因为 5 太大。 ¦ correct
            4 ¦ 答案不是5，而是4。 ¦ correct
            (1,2) ¦ 答案是不等式的解集 $(1,2)$。 ¦ correct
            4 ¦ 答案是4种不同的取法 ¦ correct
            4 ¦ The answer is, at last, 4. ¦ correct
            7/2 ¦ The answer is not an integer, it is 7/2. ¦ correct
            5 ¦ The answer is 4. Or 5. ¦ wrong
            4 ¦ The answer is 4 if x is even and 5 otherwise. ¦ wrong
            4 ¦ The answer is 4, but it could also be 5. ¦ wrong
            4 ¦ The answer is $4$ or $5$. ¦ wrong
            4 ¦ The answer is 4, or maybe 5. ¦ wrong
            4 ¦ The answer is 4 (or 5). ¦ wrong
            5 ¦ The answer is one of 4, 5. ¦ wrong
            4 ¦ The answer is $4$ or 5. ¦ wrong
            5 ¦ The answer is 4 or the answer is 5. ¦ wrong
            4 ¦ The answer isn't 4. ¦ wrong
            4 ¦ The answer can't be 4. ¦ wrong
            4 ¦ The answer is definitely not $4$. ¦ wrong
            4 ¦ The answer is never 4. ¦ wrong
            4 ¦ The answer is neither 4 nor 5. ¦ wrong
            4 ¦ The answer is anything but 4. ¦ wrong
            4 ¦ The answer is different from 4. ¦ wrong
            4 ¦ The answer is other than 4. ¦ wrong
            4 ¦ It is not true that the answer is 4. ¦ wrong
            4 ¦ If the answer is 4, then x is 2. ¦ wrong
            4 ¦ The answer is at most $4$. ¦ wrong
            4 ¦ The answer is no more than 4. ¦ wrong
            4 ¦ The answer is greater than 4. ¦ wrong
            4 ¦ The answer is over 4. ¦ wrong
            4 ¦ The answer is up to 4. ¦ wrong
            4 ¦ The answer exceeds 4. ¦ wrong
            4 ¦ The answer is 4 or more. ¦ wrong
            4 ¦ The answer is 4 at most. ¦ wrong
            4 ¦ The answer is $\ge 4$. ¦ wrong
            4 ¦ The answer is between 4 and 5. ¦ wrong
            4 ¦ The answer lies between $4$ and $5$. ¦ wrong
            4 ¦ The answer is from 4 to 5. ¦ wrong
            4 ¦ The answer is 4 through 5. ¦ wrong
            4 ¦ Final answer: not 4 ¦ wrong
            4 ¦ <answer>at least 4</answer> ¦ wrong
            4 ¦ #### at most 4 ¦ wrong
            4 ¦ \boxed{4 \text{ or } 5} ¦ wrong
            4 ¦ \boxed{\text{at least } 4} ¦ wrong
            4 ¦ \boxed{4 \text{ at most}} ¦ wrong
            4 ¦ 答案不是4。 ¦ wrong
            4 ¦ 答案不可能是4 ¦ wrong
            4 ¦ 答案至少是4 ¦ wrong
            4 ¦ 答案是至多4 ¦ wrong
            4 ¦ 答案大于4 ¦ wrong
            4 ¦ 答案不超过4 ¦ wrong
            4 ¦ 答案是4到5 ¦ wrong
            4 ¦ 答案在4和5之间 ¦ wrong
            4 ¦ 答案是4以上 ¦ wrong
            4 ¦ 答案要么是4要么是5 ¦ wrong
            4 ¦ 答案是4或者5 ¦ wrong
            5 ¦ 答案是4还是5 ¦ wrong
            4 ¦ 答案并非4 ¦ wrong
            4 ¦ 如果答案是4 ¦ wrong
            4 ¦ 倘若答案是 $4$ ¦ wrong
            4 ¦ 答案未必是4 ¦ wrong
            4 ¦ 答案应该是4 ¦ correct
            4 ¦ The answer is 4 at the very least. ¦ wrong
            4 ¦ The answer is at the very most 4. ¦ wrong
            4 ¦ The answer is in the range 4-7. ¦ wrong
            4 ¦ The answer fails to be 4. ¦ wrong
            4 ¦ The answer would be 4 if x were even. ¦ wrong
            4 ¦ The answer is 4 unless n = 1. ¦ wrong
            4 ¦ The answer is anything except 4. ¦ wrong
            4 ¦ The answer is somewhere between 3 and 4. ¦ wrong
            4 ¦ I doubt that the answer is 4. ¦ wrong
            4 ¦ The answer is half of 4. ¦ wrong
            4 ¦ The answer is twice 4. ¦ wrong
            4 ¦ The answer is a multiple of 4. ¦ wrong
            4 ¦ The answer is divisible by 4. ¦ wrong
            4 ¦ The answer is 4 plus something. ¦ wrong
            4 ¦ The answer is 4 less than x. ¦ wrong
            4 ¦ The answer is 4 times as large. ¦ wrong
            4 ¦ The answer has 4 digits. ¦ wrong
            4 ¦ The answer is either $4$ or undefined. ¦ wrong
            4 ¦ 答案是4的倍数 ¦ wrong
            4 ¦ 答案能被4整除 ¦ wrong
            4 ¦ 答案有4位数 ¦ wrong
            4 ¦ 答案不止4 ¦ wrong
            4 ¦ 答案是4或4以上 ¦ wrong
            4 ¦ The answer is a total of 4. ¦ correct
            4 ¦ The answer ends up being 4. ¦ correct
            4 ¦ It's 4. ¦ correct
            1/2 ¦ The answer is one half. ¦ correct
            4 ¦ The answer would be 4. ¦ correct
            4 ¦ The correct answer, then, is 4. ¦ correct
            """
        );
}
