namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Brackets, signs, left sides, bound names and logarithms: neighbors of what others reported as misread.</summary>
public sealed class NotationKindsTests
{
    [Fact]
    public void Brackets_group_wherever_an_interval_a_set_or_a_floor_cannot_stand() =>
        Neighbors.Check(
            """
            3(x^2-1) ¦ \boxed{3[x^2-1]} ¦ correct
            (a+b)^3 ¦ \boxed{\left[a+b\right]^3} ¦ correct
            (x+1)(x-1) ¦ \boxed{[x+1][x-1]} ¦ correct
            (x+1)(x-1) ¦ \boxed{\{x+1\}\{x-1\}} ¦ correct
            \sin(2x) ¦ \boxed{\sin\left[2x\right]} ¦ correct
            \ln(1+e^x) ¦ \boxed{\ln\left\{1+e^{x}\right\}} ¦ correct
            \frac{3}{4} ¦ \boxed{1-\left[\frac{1}{2}\right]^2} ¦ correct
            \frac{n(n+1)}{2} ¦ \boxed{\frac{[n(n+1)]}{2}} ¦ correct
            \left(\frac{n(n+1)}{2}\right)^2 ¦ \boxed{\left[\frac{n(n+1)}{2}\right]^2} ¦ correct
            2(1+3(x-1)) ¦ \boxed{2\{1+3[x-1]\}} ¦ correct
            -(x+2) ¦ \boxed{-[x+2]} ¦ correct
            \sqrt{x+1} ¦ \boxed{\sqrt{[x+1]}} ¦ correct
            e^{2x+1} ¦ \boxed{e^{[2x+1]}} ¦ correct
            \frac{\pi}{4}(e^2-1) ¦ \boxed{\frac{\pi}{4}\Big[e^2-1\Big]} ¦ correct
            \frac{\pi}{4}(e^2-1) ¦ \boxed{\frac{\pi}{4}\bigl\{e^2-1\bigr\}} ¦ correct
            2(x+1)^2-3 ¦ \boxed{2[x+1]^2-3} ¦ correct
            [1,4] ¦ \boxed{1\le x\le 4} ¦ correct
            [1,4] ¦ \boxed{(1,4)} ¦ wrong
            \{1,4\} ¦ \boxed{[1,4]} ¦ wrong
            \lfloor x\rfloor ¦ \boxed{[x]} ¦ correct
            x ¦ \boxed{2[x]-x} ¦ wrong
            0 ¦ \boxed{x-[x]} ¦ wrong
            \frac{n}{2} ¦ \boxed{[\frac{n}{2}]} ¦ wrong
            3(x^2-1) ¦ \boxed{3[x^2+1]} ¦ wrong
            \begin{pmatrix}1&2\\3&4\end{pmatrix} ¦ \boxed{[[1,2],[3,4]]} ¦ correct
            """
        );

    [Fact]
    public void A_sign_may_stand_wherever_an_operand_may() =>
        Neighbors.Check(
            """
            3-2i ¦ \boxed{3 + -2i} ¦ correct
            x^2-4x ¦ \boxed{x^2+-4x} ¦ correct
            5 ¦ \boxed{3 - -2} ¦ correct
            5 ¦ \boxed{3--2} ¦ correct
            -1 ¦ \boxed{2 - +3} ¦ correct
            -12 ¦ \boxed{3 \times -4} ¦ correct
            -\frac34 ¦ \boxed{3 \div -4} ¦ correct
            -\frac34 ¦ \boxed{3 / -4} ¦ correct
            12 ¦ \boxed{-3 \cdot -4} ¦ correct
            \frac18 ¦ \boxed{2^-3} ¦ correct
            8 ¦ \boxed{2^{+3}} ¦ correct
            -\sin x ¦ \boxed{\sin -x} ¦ correct
            x ¦ \boxed{--x} ¦ correct
            -x ¦ \boxed{-+x} ¦ correct
            \pm 5 ¦ \boxed{+-5} ¦ correct
            \pm 5 ¦ \boxed{x = +/-5} ¦ correct
            \pm\sqrt3 ¦ The answer is +/- sqrt(3). ¦ correct
            1\pm\sqrt2 ¦ \boxed{1+-\sqrt2} ¦ correct
            1\pm\sqrt2 ¦ \boxed{1+/-\sqrt2} ¦ correct
            -5 ¦ \boxed{+-5} ¦ wrong
            5 ¦ \boxed{+/-5} ¦ wrong
            x^2+4x ¦ \boxed{x^2+-4x} ¦ wrong
            5 ¦ \boxed{3 + -2} ¦ wrong
            -12 ¦ \boxed{-3 \cdot -4} ¦ wrong
            """
        );

    [Fact]
    public void The_left_side_of_quantity_equals_value_is_any_quantity() =>
        Neighbors.Check(
            """
            3 ¦ \boxed{\mathbb{E}[X] = 3} ¦ correct
            3 ¦ \boxed{\mathbb{E}\left[X^2 \mid Y=1\right] = 3} ¦ correct
            5 ¦ \boxed{f''(2) = 5} ¦ correct
            5 ¦ \boxed{y'(0) = 5} ¦ correct
            5 ¦ \boxed{f^{(10)}(0) = 5} ¦ correct
            2 ¦ \boxed{g^{-1}\left(7\right) = 2} ¦ correct
            12 ¦ \boxed{[ABC] = 12} ¦ correct
            12 ¦ \boxed{S_{\triangle ABC} = 12} ¦ correct
            \frac13 ¦ \boxed{P(A \mid B) = \frac13} ¦ correct
            \frac13 ¦ \boxed{\Pr[X \ge 2] = \frac13} ¦ correct
            \frac13 ¦ \boxed{P(X=2) = \frac{1}{3}} ¦ correct
            16 ¦ \boxed{\operatorname{Var}(2X+1) = 16} ¦ correct
            16 ¦ \boxed{\mathrm{Var}(2X) = 16} ¦ correct
            1 ¦ \boxed{\lim_{n \to \infty} \frac{a_n}{n} = 1} ¦ correct
            55 ¦ \boxed{\sum_{k=1}^{10} k = 55} ¦ correct
            \frac13 ¦ \boxed{\int_0^1 x^2\,dx = \frac13} ¦ correct
            \frac35 ¦ \boxed{\sin\angle BAC = \frac35} ¦ correct
            7 ¦ \boxed{|A \cup B| = 7} ¦ correct
            60 ¦ \boxed{\angle ABC = 60^\circ} ¦ correct
            13 ¦ \boxed{a^2+b^2 = 13} ¦ correct
            4 ¦ \boxed{\varphi(10) = 4} ¦ correct
            6 ¦ \boxed{\text{Area of triangle } ABC = 6} ¦ correct
            9 ¦ \boxed{\max f(x) = 9} ¦ correct
            2 ¦ \boxed{\det(A) = 2} ¦ correct
            10 ¦ \boxed{f(1)+f(2) = 10} ¦ correct
            3 ¦ \boxed{\mathbb{E}[X] = 4} ¦ wrong
            8 ¦ \boxed{2x = 8} ¦ wrong
            4 ¦ \boxed{x^2 = 4} ¦ wrong
            1 ¦ \boxed{2x + z = 1} ¦ wrong
            3 ¦ \boxed{\text{not } x = 3} ¦ wrong
            """
        );

    [Fact]
    public void Bound_names_and_quantifiers_do_not_matter() =>
        Neighbors.Check(
            """
            f(x)=2x+1 ¦ \boxed{f(t)=2t+1} ¦ correct
            f(x)=2x+1 ¦ \boxed{f(n)=2n+1} ¦ correct
            2x+1 ¦ \boxed{f(t)=2t+1} ¦ correct
            f(x,y)=x-y ¦ \boxed{f(a,b)=a-b} ¦ correct
            f(x)=x^2 ¦ \boxed{f(x)=x^2 \text{ for all real } x} ¦ correct
            f(x)=x^2 ¦ \boxed{f(x)=x^2 \quad \forall x \in \mathbb{R}} ¦ correct
            f(n)=n+1 ¦ \boxed{f(n)=n+1 \text{ for every positive integer } n} ¦ correct
            f(n)=n+1 ¦ \boxed{f(n)=n+1 \text{ for odd } n} ¦ wrong
            f(x)=x^2 ¦ \boxed{f(x)=x^2, x\in\mathbb{R}} ¦ correct
            f(n)=n+1 ¦ \boxed{f(n)=n+1 \text{ for every } n \in \mathbb{N}} ¦ correct
            y=Ce^x ¦ \boxed{y=Ce^{x}, \text{ where } C \text{ is any constant}} ¦ correct
            f(x)=kx ¦ \boxed{f(x)=kx \text{ for any constant } k} ¦ correct
            f(x)=kx ¦ \boxed{f(x)=kx \text{ (where } k \text{ is a real constant)}} ¦ correct
            f(x)=cx, c\in\mathbb{R} ¦ \boxed{f(x)=kx, k\in\mathbb{R}} ¦ correct
            f(x)=ax+b ¦ \boxed{f(x)=ax+b, a, b \in \mathbb{R}} ¦ correct
            \int_0^1 \sin(x^2)\,dx ¦ \boxed{\int_0^1 \sin(t^2)\,dt} ¦ correct
            \sum_{k=1}^{n} k! ¦ \boxed{\sum_{j=1}^{n} j!} ¦ correct
            4 ¦ \boxed{4 \text{ when } x=2} ¦ correct
            f(x)=x ¦ \boxed{f(x)=-x \text{ for all real } x} ¦ wrong
            f(x)=2x+1 ¦ \boxed{f(t)=2t-1} ¦ wrong
            f(x)=2x+1 ¦ \boxed{f(t)=2x+1} ¦ wrong
            f(x)=2x+1 ¦ \boxed{g(t)=2t+1} ¦ wrong
            f(x,y)=x-y ¦ \boxed{f(x,y)=y-x} ¦ wrong
            4 ¦ \boxed{4 \text{ if } n \text{ is even}, 5 \text{ if } n \text{ is odd}} ¦ wrong
            2k ¦ \boxed{2k \text{ for } k > 3} ¦ wrong
            """
        );

    [Fact]
    public void Log_without_a_base_is_the_natural_or_the_common_logarithm()
    {
        Neighbors.Check(
            """
            \ln 3 ¦ \boxed{\log 3} ¦ correct
            \log 3 ¦ \boxed{\ln 3} ¦ correct
            2\ln 2 ¦ \boxed{\log 4} ¦ correct
            \frac{\pi}{4}\ln 2 ¦ \boxed{\frac{\pi \log 2}{4}} ¦ correct
            \log(1+\sqrt2) ¦ \boxed{\ln(1+\sqrt2)} ¦ correct
            x\log x - x ¦ \boxed{x\ln x - x} ¦ correct
            \log\left(\frac{3}{2}\right) ¦ \boxed{\ln 3-\ln 2} ¦ correct
            1+\log 2 ¦ \boxed{\ln(2e)} ¦ correct
            2 ¦ \boxed{\log 100} ¦ correct
            \log_{10} 2 ¦ \boxed{\log 2} ¦ correct
            \log 2 ¦ \boxed{\lg 2} ¦ correct
            \frac{\log 8}{\log 2} ¦ \boxed{3} ¦ correct
            3 ¦ \boxed{\log_2 8} ¦ correct
            \log 3 ¦ \boxed{\ln 2} ¦ wrong
            \ln 2 ¦ \boxed{\lg 2} ¦ wrong
            \ln 2 ¦ \boxed{\log_{10} 2} ¦ wrong
            \log_2 3 ¦ \boxed{\ln 3} ¦ wrong
            \log 2 + \ln 3 ¦ \boxed{\ln 6 + 1} ¦ wrong
            \ln 100 ¦ \boxed{2} ¦ wrong
            \log 5 ¦ \boxed{5} ¦ wrong
            """
        );
        MathJudge common = new(new() { LogIsNatural = false });
        Assert.Equal(MathVerdictKind.Wrong, common.JudgeAnswer(@"\ln 2", @"\log 2").Kind);
        Assert.Equal(MathVerdictKind.Correct, common.JudgeAnswer("2", @"\log 100").Kind);
    }

    [Fact]
    public void Thoughts_have_many_marks()
    {
        Neighbors.Check(
            """
            4 ¦ [THINK]\boxed{5}[/THINK] It is 4. ¦ correct
            4 ¦ [think]\boxed{5}[/think] It is 4. ¦ correct
            4 ¦ <thought>\boxed{5}</thought> It is 4. ¦ correct
            4 ¦ <thoughts>\boxed{5}</thoughts> It is 4. ¦ correct
            4 ¦ <seed:think>\boxed{5}</seed:think> It is 4. ¦ correct
            4 ¦ <Think>\boxed{5}</Think> It is 4. ¦ correct
            4 ¦ <reasoning>\boxed{5}</reasoning> It is 4. ¦ correct
            4 ¦ <reflection>\boxed{5}</reflection> It is 4. ¦ correct
            4 ¦ <scratchpad>\boxed{5}</scratchpad> It is 4. ¦ correct
            4 ¦ ◁think▷\boxed{5}◁/think▷ It is 4. ¦ correct
            4 ¦ <|begin_of_thought|>\boxed{5}<|end_of_thought|> It is 4. ¦ correct
            4 ¦ \boxed{5}</think> It is 4. ¦ correct
            4 ¦ \boxed{5}[/THINK] It is 4. ¦ correct
            4 ¦ It is 4. <think>or \boxed{5} ¦ correct
            4 ¦ It is 4. [THINK]or \boxed{5} ¦ correct
            5 ¦ [THINK]\boxed{5}[/THINK] It is 4. ¦ wrong
            5 ¦ <thought>\boxed{5}</thought> It is 4. ¦ wrong
            5 ¦ <thought>\boxed{5} ¦ wrong
            [1,4] ¦ \boxed{[1,4]} ¦ correct
            5 ¦ <p>\boxed{5}</p> ¦ correct
            """
        );
        MathJudge own = new(new() { ThoughtMarks = ["musing", "<<< >>>"] });
        Assert.Equal("4", own.Extract(@"<musing>\boxed{5}</musing>\boxed{4}"));
        Assert.Equal("4", own.Extract(@"<<<\boxed{5}>>>\boxed{4}"));
        Assert.Equal("5", own.Extract(@"\boxed{4}<think>\boxed{5}"));
        Assert.Throws<ArgumentException>(() => new MathJudge(new() { ThoughtMarks = [""] }));
    }
}
