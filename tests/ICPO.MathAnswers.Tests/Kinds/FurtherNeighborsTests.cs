namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Further forms of the kinds that others reported.</summary>
public sealed class FurtherNeighborsTests
{
    [Fact]
    public void Denials_have_many_forms() =>
        Neighbors.Check(
            """
            4 ¦ The answer is by no means 4. ¦ wrong
            4 ¦ The answer is far from 4. ¦ wrong
            4 ¦ The answer is hardly 4. ¦ wrong
            4 ¦ The answer is no longer 4. ¦ wrong
            4 ¦ The answer is 4? ¦ wrong
            4 ¦ Is the answer 4? ¦ wrong
            4 ¦ The answer is 4, which is wrong. ¦ wrong
            4 ¦ The answer is 4, but that is wrong. ¦ wrong
            4 ¦ The answer ≠ 4. ¦ wrong
            4 ¦ The answer is $\neq 4$. ¦ wrong
            4 ¦ The answer used to be 4. ¦ wrong
            4 ¦ The answer was 4 but is now 5. ¦ wrong
            4 ¦ \boxed{\neq 4} ¦ wrong
            4 ¦ \boxed{\text{not } 4} ¦ wrong
            4 ¦ \boxed{x \neq 4} ¦ wrong
            4 ¦ #### not 4 ¦ wrong
            4 ¦ 答案绝不是4。 ¦ wrong
            4 ¦ 答案≠4 ¦ wrong
            4 ¦ 答案决不等于4 ¦ wrong
            4 ¦ 答案才不是4 ¦ wrong
            4 ¦ 答案是4吗？ ¦ wrong
            4 ¦ 答案是4是错的。 ¦ wrong
            B ¦ \boxed{4}⏎⏎Therefore the correct option is C. ¦ wrong
            B ¦ \boxed{\text{B}} ¦ correct
            B ¦ \boxed{\text{(B) } 4} ¦ correct
            B ¦ \boxed{A \text{ or } B} ¦ wrong
            B ¦ \boxed{A, B} ¦ wrong
            B ¦ The answer is A or B. ¦ wrong
            B ¦ The answer is not B. ¦ wrong
            B ¦ Answer: not B ¦ wrong
            B ¦ It is A, not B. ¦ wrong
            B ¦ 答案不是B。 ¦ wrong
            B ¦ 选A或B ¦ wrong
            B ¦ 故选B。 ¦ correct
            """
        );

    [Fact]
    public void Alternatives_bounds_and_ranges_have_many_forms() =>
        Neighbors.Check(
            """
            4 ¦ The answer is 4 and/or 5. ¦ wrong
            5 ¦ The answer is 4 and/or 5. ¦ wrong
            4 ¦ The answer is 4; 5. ¦ wrong
            4 ¦ The answer is 4 | 5. ¦ wrong
            4 ¦ The answer is $4$, $5$. ¦ wrong
            4 ¦ The answer is 4 otherwise 5. ¦ wrong
            4 ¦ The answer is 4 (alternatively 5). ¦ wrong
            4 ¦ The answer is 4, 5, or 6. ¦ wrong
            4 ¦ \boxed{4}, or \boxed{5} ¦ wrong
            5 ¦ \boxed{4} or maybe \boxed{5} ¦ wrong
            4 ¦ \boxed{4/5} ¦ wrong
            4 ¦ \boxed{4 \mid 5} ¦ wrong
            4 ¦ 答案是4、5。 ¦ wrong
            4 ¦ 答案是4／5 ¦ wrong
            4 ¦ 答案可以是4也可以是5 ¦ wrong
            4 ¦ The answer is < 4. ¦ wrong
            4 ¦ The answer is >= 4. ¦ wrong
            4 ¦ The answer is no smaller than 4. ¦ wrong
            4 ¦ The answer is a minimum of 4. ¦ wrong
            4 ¦ The answer is 4 and up. ¦ wrong
            4 ¦ The answer is 4+. ¦ wrong
            4 ¦ The answer is 4-5. ¦ wrong
            5 ¦ The answer is 4-5. ¦ wrong
            4 ¦ The answer is $4$–$5$. ¦ wrong
            4 ¦ The answer is 4~5. ¦ wrong
            4 ¦ The answer is 4..5 ¦ wrong
            4 ¦ The answer is 4 ± 1. ¦ wrong
            4 ¦ The answer is [4, 5]. ¦ wrong
            4 ¦ \boxed{4\text{ to }5} ¦ wrong
            4 ¦ \boxed{4+} ¦ wrong
            4 ¦ \boxed{>4} ¦ wrong
            4 ¦ \boxed{\ge 4} ¦ wrong
            4 ¦ \boxed{\leq 4} ¦ wrong
            4 ¦ #### > 4 ¦ wrong
            4 ¦ 答案≥4 ¦ wrong
            4 ¦ 答案是4~5 ¦ wrong
            4 ¦ 答案不小于4 ¦ wrong
            """
        );

    [Fact]
    public void Conditions_of_a_reference_answer_are_no_part_of_its_value() =>
        Neighbors.Check(
            """
            4 if n is even, 5 if n is odd ¦ \boxed{4} ¦ wrong
            4 for n even and 5 for n odd ¦ \boxed{5} ¦ wrong
            $4$ provided $x > 0$ ¦ \boxed{4} ¦ correct
            $4$, as long as $x \ne 2$ ¦ \boxed{2} ¦ wrong
            $4$ (assuming $k=3$) ¦ \boxed{3} ¦ wrong
            $4$ (assuming $k=3$) ¦ \boxed{4} ¦ correct
            $x = 4$, since $x = -2$ is extraneous ¦ \boxed{-2} ¦ wrong
            $x = 4$, since $x = -2$ is extraneous ¦ \boxed{4} ¦ correct
            approximately 4.2 ¦ \boxed{4.2} ¦ correct
            about 4 ¦ \boxed{4} ¦ correct
            not 4 ¦ \boxed{4} ¦ wrong
            4 or more ¦ \boxed{4} ¦ wrong
            more than 4 ¦ \boxed{4} ¦ wrong
            4 ± 1 ¦ \boxed{4} ¦ wrong
            4, not 5 ¦ \boxed{5} ¦ wrong
            (B) 4 ¦ \boxed{B} ¦ correct
            (B) 4 ¦ \boxed{4} ¦ correct
            (B) 4 ¦ \boxed{C} ¦ wrong
            4 ¦ <think>The answer is 5.</think>4 ¦ correct
            4 ¦ <THINK>5</THINK>The answer is 4. ¦ correct
            4 ¦ <analysis>5</analysis> 4 ¦ correct
            4 ¦ <|channel|>analysis<|message|>5<|end|><|start|>assistant<|channel|>final<|message|>4 ¦ correct
            5 ¦ <think>The answer is 5.</think> ¦ wrong
            5 ¦ <think>\boxed{5} ¦ wrong
            5 ¦ <thinking>5</thinking> It is 4. ¦ wrong
            4 ¦ <thinking>5</thinking> It is 4. ¦ correct
            """
        );

    [Fact]
    public void Values_are_exact_whatever_their_notation() =>
        Neighbors.Check(
            """
            \sqrt{2} ¦ \boxed{\frac{665857}{470832}} ¦ wrong
            \pi ¦ \boxed{\frac{355}{113}} ¦ wrong
            \pi ¦ \boxed{\frac{22}{7}} ¦ wrong
            e ¦ \boxed{\left(1+\frac{1}{10000}\right)^{10000}} ¦ wrong
            10^{50} ¦ \boxed{10^{50}+10^{-50}} ¦ wrong
            e^{\pi\sqrt{163}} ¦ \boxed{262537412640768744} ¦ wrong
            \binom{2024}{1012} ¦ \boxed{\binom{2024}{1011}} ¦ wrong
            \binom{2024}{1012} ¦ \boxed{2\binom{2023}{1011}} ¦ correct
            \ln 2 ¦ \boxed{\sum_{k=1}^{10000}\frac{(-1)^{k+1}}{k}} ¦ wrong
            \frac13 ¦ \boxed{0.3333333333333333} ¦ correct
            \frac13 ¦ \boxed{0.3333334} ¦ wrong
            x^2-1 ¦ \boxed{\{(x+1)\}[(x-1)]} ¦ correct
            5 ¦ \boxed{[5]} ¦ correct
            5 ¦ \boxed{\{5\}} ¦ correct
            5 ¦ \boxed{(5)} ¦ correct
            5 ¦ \boxed{((5))} ¦ correct
            -5 ¦ \boxed{-(+5)} ¦ correct
            -5 ¦ \boxed{+(-5)} ¦ correct
            5 ¦ \boxed{-(-5)} ¦ correct
            5 ¦ \boxed{+5} ¦ correct
            -5 ¦ \boxed{--5} ¦ wrong
            -6 ¦ \boxed{2(-3)} ¦ correct
            -1 ¦ \boxed{2-3} ¦ correct
            2^{-1} ¦ \boxed{2^{(-1)}} ¦ correct
            -x^2 ¦ \boxed{(-x)^2} ¦ wrong
            -8 ¦ \boxed{(-2)^3} ¦ correct
            """
        );

    [Fact]
    public void Quantities_and_bound_names_name_a_value() =>
        Neighbors.Check(
            """
            4 ¦ The number of ways = 4. ¦ correct
            4 ¦ Total cost = $4. ¦ correct
            4 ¦ \boxed{\text{Number of ways} = 4} ¦ correct
            4 ¦ \boxed{n(A \cap B) = 4} ¦ correct
            4 ¦ \boxed{|\vec{v}| = 4} ¦ correct
            4 ¦ \boxed{\overline{AB} = 4} ¦ correct
            4 ¦ \boxed{m\angle A = 4^\circ} ¦ correct
            4 ¦ \boxed{\dfrac{dy}{dx}\Big|_{x=1} = 4} ¦ correct
            4 ¦ \boxed{x + y = 4} ¦ correct
            4 ¦ \boxed{2x + y = 4} ¦ wrong
            4 ¦ \boxed{x = y = 4} ¦ correct
            4 ¦ \boxed{x = 2, y = 4} ¦ wrong
            4 ¦ \boxed{f(4) = 5} ¦ wrong
            f(x)=x+1 ¦ \boxed{f(y)=y+1} ¦ correct
            \{x \mid x > 2\} ¦ \boxed{(2,\infty)} ¦ correct
            \forall x, f(x) = x ¦ \boxed{f(x) = x} ¦ correct
            a_n = 2n ¦ \boxed{a_k = 2k} ¦ correct
            a_n = 2n ¦ \boxed{a_k = 2n} ¦ wrong
            2n ¦ \boxed{a_n = 2n} ¦ correct
            \{x : x > 2\} ¦ \boxed{\{x : 2 < x\}} ¦ correct
            \forall x \in \mathbb{R}, f(x) = x ¦ \boxed{f(x) = x} ¦ correct
            \{2n : n \in \mathbb{Z}\} ¦ \boxed{\{2k : k \in \mathbb{Z}\}} ¦ correct
            """
        );
}
