namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Names that a set or a mapping binds have no meaning outside of it.</summary>
public sealed class BoundNameKindsTests
{
    [Fact]
    public void The_name_in_a_set_is_bound() =>
        Neighbors.Check(
            """
            \{x \mid x > 0\} ¦ \boxed{\{t \mid t > 0\}} ¦ correct
            \{x \mid x > 0\} ¦ \{t \mid t > 0\} ¦ correct
            \{x \mid x > 0\} ¦ \boxed{\{t : t > 0\}} ¦ correct
            \{x \mid x > 0\} ¦ \boxed{\{t \in \mathbb{R} : t > 0\}} ¦ correct
            \{x \in \mathbb{R} \mid x > 0\} ¦ \boxed{\{y \mid y > 0\}} ¦ correct
            \{x \mid x > 0\} ¦ The answer is $\{t \mid t > 0\}$. ¦ correct
            \{x \mid 0 < x < 3\} ¦ \boxed{\{t \mid 0 < t < 3\}} ¦ correct
            \{x | x \neq 2\} ¦ \boxed{\{t | t \neq 2\}} ¦ correct
            \{x \mid x > a\} ¦ \boxed{\{t \mid t > a\}} ¦ correct
            \{x \mid x > 0\} ¦ \boxed{(0, \infty)} ¦ correct
            (0, \infty) ¦ \boxed{\{t \mid t > 0\}} ¦ correct
            \{x \mid x > 0\} ¦ \boxed{x > 0} ¦ correct
            x > 0 ¦ \boxed{\{x \mid x > 0\}} ¦ correct
            t > 0 ¦ \boxed{\{t \mid t > 0\}} ¦ correct
            A = \{x \mid x > 0\} ¦ \boxed{\{t \mid t > 0\}} ¦ correct
            \{x \mid x > 0\} \cup \{x \mid x < -1\} ¦ \boxed{\{t \mid t > 0\} \cup \{t \mid t < -1\}} ¦ correct
            A = \{x \mid x > 0\} ¦ \boxed{B = \{x \mid x > 0\}} ¦ wrong
            \{2k \mid k \in \mathbb{Z}\} ¦ \boxed{\{2n \mid n \in \mathbb{Z}\}} ¦ correct
            \{x \mid x > 0\} ¦ \boxed{\{y : y > 1\}} ¦ wrong
            \{x \mid x > 0\} ¦ \boxed{\{t \mid t < 0\}} ¦ wrong
            \{x \mid x > 0\} ¦ \boxed{\{t \mid t \ge 0\}} ¦ wrong
            \{x \mid x > 0\} ¦ \boxed{\{t \mid x > 0\}} ¦ wrong
            \{x \mid x > 0\} ¦ \boxed{t > 0} ¦ wrong
            \{x \mid x > a\} ¦ \boxed{\{a \mid a > x\}} ¦ wrong
            \{x \mid x > t\} ¦ \boxed{\{t \mid t > t\}} ¦ wrong
            \{x \mid x > a\} ¦ \boxed{\{x \mid x > b\}} ¦ wrong
            """
        );

    [Fact]
    public void The_name_in_a_mapping_is_bound() =>
        Neighbors.Check(
            """
            x \mapsto x^2 ¦ \boxed{t \mapsto t^2} ¦ correct
            x \mapsto x^2 ¦ The answer is $t \mapsto t^2$. ¦ correct
            f: x \mapsto x^2 ¦ \boxed{f(x) = x^2} ¦ correct
            f(x) = x^2 ¦ \boxed{f: t \mapsto t^2} ¦ correct
            f(x) = x^2 ¦ \boxed{x \mapsto x^2} ¦ correct
            f(x) = x^2 ¦ \boxed{t \mapsto t^2} ¦ correct
            x^2 ¦ \boxed{x \mapsto x^2} ¦ correct
            x^2 ¦ \boxed{f: x \mapsto x^2} ¦ correct
            x \mapsto x^2 ¦ \boxed{x^2} ¦ correct
            x \mapsto x + a ¦ \boxed{t \mapsto t + a} ¦ correct
            (x, y) \mapsto x - y ¦ \boxed{(a, b) \mapsto a - b} ¦ correct
            f: \mathbb{R} \to \mathbb{R}, x \mapsto x^2 ¦ \boxed{f(x) = x^2} ¦ correct
            x \mapsto x^2 ¦ \boxed{x ↦ x^2} ¦ correct
            x \mapsto 2 ¦ \boxed{t \mapsto 2} ¦ correct
            x \mapsto x^2 ¦ \boxed{t \mapsto t^3} ¦ wrong
            x \mapsto x^2 ¦ \boxed{t \mapsto x^2} ¦ wrong
            f: x \mapsto x^2 ¦ \boxed{f(x) = x^3} ¦ wrong
            f(x) = x^2 ¦ \boxed{g: t \mapsto t^2} ¦ wrong
            x^3 ¦ \boxed{x \mapsto x^2} ¦ wrong
            x \mapsto x + a ¦ \boxed{x \mapsto x + b} ¦ wrong
            x \mapsto x + t ¦ \boxed{t \mapsto t + t} ¦ wrong
            (x, y) \mapsto x - y ¦ \boxed{(y, x) \mapsto x - y} ¦ wrong
            """
        );
}
