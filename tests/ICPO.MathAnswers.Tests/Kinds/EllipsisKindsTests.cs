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
}
