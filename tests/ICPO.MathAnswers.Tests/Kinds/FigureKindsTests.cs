namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>A figure's letters as the left side of an equation, without math delimiters.</summary>
public sealed class FigureKindsTests
{
    [Fact]
    public void An_angle_or_triangle_is_a_quantity_like_another() =>
        Neighbors.Check(
            """
            40 ¦ The answer is \angle ABC = 40. ¦ correct
            40 ¦ The answer is m\angle ABC = 40. ¦ correct
            40 ¦ The answer is \measuredangle ABC = 40. ¦ correct
            40 ¦ The answer is \triangle ABC = 40. ¦ correct
            40 ¦ The answer is \angle BAC = 40^\circ. ¦ correct
            40 ¦ The answer is ∠ABC = 40 degrees. ¦ correct
            40 ¦ The answer is ∠ABC = 40°. ¦ correct
            40 ¦ The answer is ∡ABC = 40. ¦ correct
            40 ¦ The answer is $\angle ABC = 40$. ¦ correct
            40 ¦ The answer is \angle A = 40. ¦ correct
            40 ¦ The answer is \angle ABC = \angle DEF = 40. ¦ correct
            40 ¦ #### \angle ABC = 40 ¦ correct
            40 ¦ So \angle ABC = 40. ¦ correct
            40 ¦ \boxed{\angle ABC = 40} ¦ correct
            40 ¦ 答案是\angle ABC = 40 ¦ correct
            40 ¦ 答案是∠ABC=40° ¦ correct
            \angle ABC = 40 ¦ The answer is \angle ABC = 40. ¦ correct
            m\angle ABC = 40 ¦ The answer is m\angle ABC = 40 degrees. ¦ correct
            \angle ABC ¦ The answer is \angle ABC. ¦ correct
            \angle ABC ¦ The answer is \angle DEF. ¦ wrong
            41 ¦ The answer is \angle ABC = 40. ¦ wrong
            40 ¦ The answer is \angle ABC > 40. ¦ wrong
            40 ¦ The answer is \angle ABC \ne 40. ¦ wrong
            40 ¦ The answer is \angle ABC = 40 or 50. ¦ wrong
            40 ¦ The answer is 2\angle ABC = 40. ¦ wrong
            40 ¦ The answer is not \angle ABC = 40. ¦ wrong
            """
        );
}
