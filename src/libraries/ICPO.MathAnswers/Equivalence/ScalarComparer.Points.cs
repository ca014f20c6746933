using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numeric;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>The points at which expressions are evaluated.</summary>
internal sealed partial class ScalarComparer
{
    private IEnumerable<Point> PointsFor(Node left, Node right)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        left.CollectVariables(names);
        right.CollectVariables(names);
        HashSet<string> whole = [.. Limits(left), .. Limits(right)];
        bool real =
            !left.Any(n => n is ConstantNode { Kind: ConstantKind.I }) && !right.Any(n => n is ConstantNode { Kind: ConstantKind.I });
        for (int place = 0; place < MaxPoints + Points && !budget.IsSpent; place++)
        {
            Dictionary<string, double> values = new(StringComparer.Ordinal);
            foreach (string name in names)
            {
                values[name] = Coordinate(name, place, whole.Contains(name));
            }

            yield return new(values, real);
        }
    }

    /// <summary>The value of a variable at a point; the last points are integers, where (-1)^n has a value.</summary>
    private static double Coordinate(string name, int place, bool isInteger)
    {
        double unit = Seeded.Unit(name, place);
        if (place >= MaxPoints)
        {
            return place - MaxPoints + 1 + (2 * Math.Floor(3 * unit));
        }

        if (isInteger)
        {
            // Different ones at successive points: \binom{3}{n} is 3 for one of them. The steps differ by name, so differences vary too.
            double step = 1 + Math.Floor(6 * Seeded.Unit(name, 0)),
                start = Math.Floor(7 * Seeded.Unit(name, 1));
            return 2 + ((start + (step * place)) % 7);
        }

        double value = place < Points ? 0.3 + (3 * unit) : unit * (place % 2 == 0 ? 1 : 12);
        bool isNegative = place >= 4 && (place == 4 || Seeded.Unit(name, place + 100) < 0.5);
        return isNegative ? -value : value;
    }

    /// <summary>
    /// Names in the limits of sums and products, in factorials, and in functions of integers get integer values, for which these have
    /// exact values.
    /// </summary>
    private static SortedSet<string> Limits(Node node)
    {
        SortedSet<string> names = [];
        if (node.Any(n => n is CallNode { Name: "sum" or "prod" } || IsOfIntegers(n)))
        {
            Collect(node);
        }

        return names;

        void Collect(Node part)
        {
            if (part is CallNode { Name: "sum" or "prod", Arguments: [_, RelationNode below, var above] })
            {
                below.Operands[^1].CollectVariables(names);
                above.CollectVariables(names);
            }

            if (IsOfIntegers(part))
            {
                part.CollectVariables(names);
            }

            foreach (Node inner in part.Parts())
            {
                Collect(inner);
            }
        }
    }

    private static bool IsOfIntegers(Node node) =>
        node is CallNode { Name: "factorial" or "doublefactorial" or "binomial" or "mod" or "gcd" or "lcm" };
}
