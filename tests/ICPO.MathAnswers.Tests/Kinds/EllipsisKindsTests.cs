namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Sums, products and lists with terms left out.</summary>
public sealed class EllipsisKindsTests
{
    [Fact]
    public void Terms_that_are_left_out_are_added_where_only_one_pattern_fits() =>
        Neighbors.Check(
            """
            5050 ¦ \boxed{1+2+\dots+100} ¦ correct
            5050 ¦ \boxed{1 + 2 + 3 + \cdots + 100} ¦ correct
            5050 ¦ \boxed{1+2+…+100} ¦ correct
            5050 ¦ \boxed{1+2+...+99+100} ¦ correct
            5051 ¦ \boxed{1+2+\dots+100} ¦ wrong
            103 ¦ \boxed{1+2+\dots+100} ¦ wrong
            1+2+\dots+100 ¦ \boxed{100+1+2+\dots} ¦ wrong
            1+2+\dots+100 ¦ \boxed{3+\dots+100} ¦ wrong
            2500 ¦ \boxed{1+3+5+\dots+99} ¦ correct
            2550 ¦ \boxed{2+4+6+\dots+100} ¦ correct
            5050 ¦ \boxed{100+99+\dots+1} ¦ correct
            385 ¦ \boxed{1^2+2^2+\dots+10^2} ¦ correct
            2047 ¦ \boxed{1+2+2^2+\dots+2^{10}} ¦ correct
            127 ¦ \boxed{1+2+4+\dots+64} ¦ correct
            \frac{1023}{1024} ¦ \boxed{\frac12+\frac14+\frac18+\dots+\frac{1}{1024}} ¦ correct
            \frac{99}{100} ¦ \boxed{\frac{1}{1\cdot2}+\frac{1}{2\cdot3}+\dots+\frac{1}{99\cdot100}} ¦ correct
            -50 ¦ \boxed{1-2+3-4+\dots-100} ¦ correct
            50 ¦ \boxed{1-2+3-4+\dots-100} ¦ wrong
            10! ¦ \boxed{1\cdot2\cdot3\cdots10} ¦ correct
            10! ¦ \boxed{1 \times 2 \times \dots \times 10} ¦ correct
            \frac{100!}{50!} ¦ \boxed{100\cdot99\cdots51} ¦ correct
            \frac{1}{100} ¦ \boxed{\frac12\cdot\frac23\cdots\frac{99}{100}} ¦ correct
            \frac{x^{11}-1}{x-1} ¦ \boxed{1+x+x^2+\dots+x^{10}} ¦ correct
            2080 ¦ \boxed{1+2+\dots+64} ¦ wrong
            127 ¦ \boxed{1+2+\dots+64} ¦ wrong
            5050 ¦ \boxed{1+\dots+100} ¦ wrong
            1+2+\dots+n ¦ \boxed{1+2+\cdots+n} ¦ correct
            1+2+\dots+n ¦ \boxed{3+\dots+n} ¦ wrong
            1,2,\dots,10 ¦ \boxed{1,2,3,4,5,6,7,8,9,10} ¦ correct
            \{1,3,\dots,11\} ¦ \boxed{\{1,3,5,7,9,11\}} ¦ correct
            \{1,3,\dots,9\} ¦ \boxed{\{1,3,9\}} ¦ wrong
            """
        );

    [Fact]
    public void A_decimal_that_breaks_off_is_a_value_only_with_its_period_or_enough_digits() =>
        Neighbors.Check(
            """
            \pi ¦ \boxed{3.14159\ldots} ¦ wrong
            \pi ¦ \boxed{3.14159...} ¦ wrong
            \pi ¦ \boxed{3.14159…} ¦ wrong
            \pi ¦ The answer is 3.14159... ¦ wrong
            \pi ¦ So it is 3.14159... ¦ wrong
            \pi ¦ So it is 3.14159…. ¦ wrong
            \pi ¦ \boxed{3.14\dots} ¦ wrong
            \pi ¦ \boxed{3.1415926\ldots} ¦ correct
            \pi ¦ \boxed{3.1415926} ¦ correct
            \pi ¦ The answer is 3.1415926... ¦ correct
            \pi ¦ \boxed{3.1415936\ldots} ¦ wrong
            \sqrt2 ¦ \boxed{1.4142\ldots} ¦ wrong
            \sqrt2 ¦ \boxed{1.41421356\ldots} ¦ correct
            \frac13 ¦ \boxed{0.333\ldots} ¦ correct
            \frac13 ¦ The answer is 0.333... ¦ correct
            \frac13 ¦ So it is 0.333… of it. ¦ correct
            \frac13 ¦ \boxed{0.3\ldots} ¦ wrong
            \frac13 ¦ \boxed{0.5\ldots} ¦ wrong
            \frac17 ¦ \boxed{0.1428\ldots} ¦ wrong
            \frac17 ¦ \boxed{0.14\ldots} ¦ wrong
            \frac17 ¦ \boxed{0.2\ldots} ¦ wrong
            \frac17 ¦ \boxed{0.142857\ldots} ¦ wrong
            \frac17 ¦ \boxed{0.142857142857\ldots} ¦ correct
            0.5 ¦ \boxed{0.5\ldots} ¦ wrong
            0.5 ¦ \boxed{0.500\ldots} ¦ correct
            \frac72 ¦ \boxed{3.5\ldots} ¦ wrong
            1 ¦ \boxed{0.999\ldots} ¦ correct
            3.14159 ¦ \boxed{3.14159\ldots} ¦ wrong
            3.14159\ldots ¦ \boxed{3.14159...} ¦ correct
            3.14159\ldots ¦ \boxed{\pi} ¦ wrong
            4 ¦ So it is 4... ¦ correct
            4 ¦ The answer is 4... ¦ correct
            4 ¦ \boxed{3.9\ldots} ¦ wrong
            \pi ¦ 所以是3.14159… ¦ wrong
            \pi ¦ 答案是3.1415926… ¦ correct
            """
        );
}
