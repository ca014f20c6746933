namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Dashes and arrows after an answer word, and residues.</summary>
public sealed class SeparatorKindsTests
{
    [Fact]
    public void A_dash_after_an_answer_word_is_a_separator_unless_it_is_attached_to_the_value() =>
        Neighbors.Check(
            """
            4 ¦ Answer - 4 ¦ correct
            -4 ¦ Answer - 4 ¦ wrong
            4 ¦ Answer – 4 ¦ correct
            -4 ¦ Answer – 4 ¦ wrong
            4 ¦ Answer — 4 ¦ correct
            4 ¦ Answer—4 ¦ correct
            4 ¦ Answer–4 ¦ correct
            -4 ¦ Answer -4 ¦ correct
            4 ¦ Answer -4 ¦ wrong
            -4 ¦ Answer: -4 ¦ correct
            4 ¦ Answer: -4 ¦ wrong
            -4 ¦ Answer: - 4 ¦ correct
            4 ¦ Answer:- 4 ¦ correct
            -4 ¦ Answer:-4 ¦ correct
            4 ¦ Answer = 4 ¦ correct
            -4 ¦ Answer = -4 ¦ correct
            4 ¦ Answer → 4 ¦ correct
            4 ¦ Answer -> 4 ¦ correct
            4 ¦ Answer => 4 ¦ correct
            4 ¦ Answer --> 4 ¦ correct
            -4 ¦ Answer → -4 ¦ correct
            -4 ¦ Answer - -4 ¦ correct
            -4 ¦ Answer - $-4$ ¦ correct
            4 ¦ Answer - $4$ ¦ correct
            4 ¦ **Answer** - 4 ¦ correct
            4 ¦ **Answer - 4** ¦ correct
            4 ¦ Final answer - 4 ¦ correct
            4 ¦ First 3 + 1.⏎Answer - 4⏎That took 2 steps. ¦ correct
            2 ¦ First 3 + 1.⏎Answer - 4⏎That took 2 steps. ¦ wrong
            4 ¦ Answer:⏎- 4 ¦ correct
            \frac12 ¦ Answer - \frac12 ¦ correct
            B ¦ Answer - B ¦ correct
            4 ¦ Answer - not 4 ¦ wrong
            4 ¦ The answer - which is not 5 - is 4. ¦ correct
            5 ¦ The answer - which is not 5 - is 4. ¦ wrong
            -4 ¦ The answer is - 4. ¦ correct
            4 ¦ The answer is – 4. ¦ wrong
            4 ¦ 答案 - 4 ¦ correct
            4 ¦ 答案——4 ¦ correct
            -4 ¦ 答案：-4 ¦ correct
            4 ¦ 答案=4 ¦ correct
            4 ¦ 答案→4 ¦ correct
            -4 ¦ 答案 - 4 ¦ wrong
            4 ¦ <answer>4</answer> ¦ correct
            """
        );

    [Fact]
    public void A_residue_is_its_value_and_its_modulus_may_be_left_out() =>
        Neighbors.Check(
            """
            3 ¦ So N ≡ 3 (mod 7). ¦ correct
            7 ¦ So N ≡ 3 (mod 7). ¦ wrong
            10 ¦ So N ≡ 3 (mod 7). ¦ wrong
            3 ¦ So $N \equiv 3 \pmod 7$. ¦ correct
            7 ¦ So $N \equiv 3 \pmod 7$. ¦ wrong
            3 ¦ So $N \equiv 3$ (mod $7$). ¦ correct
            7 ¦ So $N \equiv 3$ (mod $7$). ¦ wrong
            3 ¦ \boxed{N \equiv 3 \pmod{7}} ¦ correct
            3 ¦ \boxed{3 \pmod 7} ¦ correct
            3 ¦ \boxed{3} \pmod 7 ¦ correct
            3 ¦ \boxed{3 \mod 7} ¦ correct
            3 ¦ \boxed{3 \text{ mod } 7} ¦ correct
            3 ¦ \boxed{3 \ (\text{mod } 7)} ¦ correct
            3 ¦ \boxed{3 \text{ (mod 7)}} ¦ correct
            3 ¦ The answer is 3 (mod 7). ¦ correct
            7 ¦ The answer is 3 (mod 7). ¦ wrong
            3 ¦ The answer is 3 modulo 7. ¦ correct
            3 ¦ Answer: N ≡ 3 mod 7 ¦ correct
            2 ¦ \boxed{17 \bmod 5} ¦ correct
            3 ¦ \boxed{17 \bmod 5} ¦ wrong
            N \equiv 3 \pmod 7 ¦ \boxed{3} ¦ correct
            N \equiv 3 \pmod 7 ¦ \boxed{7} ¦ wrong
            N \equiv 3 \pmod 7 ¦ \boxed{N \equiv 10 \pmod 7} ¦ correct
            N \equiv 3 \pmod 7 ¦ \boxed{N \equiv -4 \pmod 7} ¦ correct
            N \equiv 3 \pmod 7 ¦ \boxed{N \equiv 3 \pmod 8} ¦ wrong
            N \equiv 3 \pmod 7 ¦ \boxed{N \equiv 4 \pmod 7} ¦ wrong
            x \equiv 3 \pmod 7 ¦ \boxed{y \equiv 3 \pmod 7} ¦ wrong
            N \equiv 3 \pmod 7 ¦ N ≡ 3 (mod 7) ¦ correct
            N ≡ 3 (mod 7) ¦ \boxed{N \equiv 3 \pmod{7}} ¦ correct
            N ≡ 3 (mod 7) ¦ \boxed{7} ¦ wrong
            3 \pmod 7 ¦ \boxed{3} ¦ correct
            -4 ¦ \boxed{N \equiv -4 \pmod 7} ¦ correct
            """
        );
}
