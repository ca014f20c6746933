using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// How the terms of a sum, product or list continue over an ellipsis: they have the same form, and each number in it is constant, grows by
/// the same difference or by the same factor, all in the same number of steps.
/// </summary>
internal sealed class TermPattern
{
    /// <summary>The longest series of powers.</summary>
    private const int MaxPowers = 512;

    private const int MaxCount = 200_000;

    private readonly Node _form;
    private readonly Progression[] _numbers;

    private TermPattern(Node form, Progression[] numbers, int count) => (_form, _numbers, Count) = (form, numbers, count);

    /// <summary>Number of terms.</summary>
    public int Count { get; }

    /// <summary>The only pattern; null if the terms have none, or several.</summary>
    /// <param name="terms">The terms that are written.</param>
    /// <param name="dots">How many of them are before the ellipsis; two at least.</param>
    public static TermPattern? Find(Node[] terms, int dots)
    {
        if (dots < 2 || dots == terms.Length || terms.Any(HasDots))
        {
            return null;
        }

        terms = Powers(terms);
        var numbers = new List<Fraction>[terms.Length];
        string form = "";
        for (int i = 0; i < terms.Length; i++)
        {
            List<Fraction> found = numbers[i] = [];
            string here = NodeText.Of(MapNumbers(terms[i], value => Marked(found, value)));
            form = i == 0 ? here : form;
            if (here != form)
            {
                return null;
            }
        }

        Progression[][] ways =
        [
            .. Enumerable.Range(0, numbers[0].Count).Select(at => Progression.Find([.. numbers.Select(n => n[at])], dots).ToArray()),
        ];
        return Only(terms[0], ways, terms.Length);
    }

    /// <summary>The term at an index from 0.</summary>
    public Node Term(Node index)
    {
        int at = 0;
        return MapNumbers(_form, _ => _numbers[at++].At(index));
    }

    private static bool HasDots(Node term) => term.Any(n => n is SymbolNode { Name: Ellipsis.Dots });

    private static SymbolNode Marked(List<Fraction> numbers, Fraction value)
    {
        numbers.Add(value);
        return new("#");
    }

    private static Node MapNumbers(Node node, Func<Fraction, Node> change) =>
        node is NumberNode number ? change(number.Value) : node.MapParts(part => MapNumbers(part, change));

    /// <summary>The choice of a progression for each number, all with the same number of steps over the ellipsis.</summary>
    private static TermPattern? Only(Node form, Progression[][] ways, int written)
    {
        TermPattern? only = null;
        foreach (int steps in ways.SelectMany(way => way).Select(way => way.Steps).OfType<int>().Distinct())
        {
            Progression[][] possible = [.. ways.Select(way => way.Where(w => w.Steps is null || w.Steps == steps).ToArray())];
            int count = written - 1 + steps;
            if (possible.Any(way => way.Length == 0) || count > MaxCount)
            {
                continue;
            }

            if (only is not null || possible.Any(way => way.Length > 1))
            {
                return null;
            }

            only = new(form, [.. possible.Select(way => way[0])], count);
        }

        return only;
    }

    /// <summary>1 + x + x² are powers of x: 1 is x⁰ there, and x is x¹.</summary>
    private static Node[] Powers(Node[] terms)
    {
        if (terms.OfType<BinaryNode>().FirstOrDefault(t => t is { Kind: BinaryKind.Power, Right: NumberNode }) is not { Left: var radix })
        {
            return terms;
        }

        string text = NodeText.Of(radix);
        Node[] powers = [.. terms.Select(Power)];
        return powers.All(p => p is BinaryNode { Kind: BinaryKind.Power, Left: var b } && NodeText.Of(b) == text) ? powers : terms;

        Node Power(Node term)
        {
            if (NodeText.Of(term) == text)
            {
                return new BinaryNode(BinaryKind.Power, radix, new NumberNode(Fraction.One));
            }

            bool isOne = term is NumberNode { Value: var value } && value == Fraction.One;
            return isOne ? new BinaryNode(BinaryKind.Power, radix, new NumberNode(Fraction.Zero)) : term;
        }
    }

    /// <summary>One number of the terms.</summary>
    /// <param name="First">In the first term.</param>
    /// <param name="Change">The difference or the factor.</param>
    /// <param name="IsFactor">True for a factor.</param>
    /// <param name="Steps">From the last term before the ellipsis to the first after it; null for a constant, where any fits.</param>
    private sealed record Progression(Fraction First, Fraction Change, bool IsFactor, int? Steps)
    {
        public static IEnumerable<Progression> Find(Fraction[] values, int dots)
        {
            if (values.All(v => v == values[0]))
            {
                return [new(values[0], Fraction.Zero, false, null)];
            }

            Progression?[] ways = [Arithmetic(values, dots), Geometric(values, dots)];
            return ways.OfType<Progression>();
        }

        public Node At(Node index)
        {
            NumberNode first = new(First);
            if (Steps is null)
            {
                return first;
            }

            return IsFactor
                ? new BinaryNode(BinaryKind.Multiply, first, new BinaryNode(BinaryKind.Power, new NumberNode(Change), index))
                : new BinaryNode(BinaryKind.Add, first, new BinaryNode(BinaryKind.Multiply, new NumberNode(Change), index));
        }

        private static Progression? Arithmetic(Fraction[] values, int dots)
        {
            Fraction? Difference(int at) => Fraction.Add(values[at], values[at - 1].Negate());
            return
                Difference(1) is { IsZero: false } change
                && Enumerable.Range(2, values.Length - 2).All(at => at == dots || Difference(at) == change)
                && Difference(dots) is { } gap
                && Fraction.Divide(gap, change) is { IsInteger: true, Sign: > 0 } steps
                && steps.Numerator <= MaxCount
                ? new(values[0], change, false, (int)steps.Numerator)
                : null;
        }

        private static Progression? Geometric(Fraction[] values, int dots)
        {
            Fraction? Ratio(int at) => values[at].IsZero || values[at - 1].IsZero ? null : Fraction.Divide(values[at], values[at - 1]);
            if (Ratio(1) is not { } change || !Enumerable.Range(2, values.Length - 2).All(at => at == dots || Ratio(at) == change))
            {
                return null;
            }

            bool grows = change.Abs().CompareTo(Fraction.One) > 0;
            Fraction? reached = values[dots - 1];
            for (int steps = 1; steps <= MaxPowers && reached is { } here; steps++)
            {
                reached = Fraction.Multiply(here, change);
                if (reached == values[dots])
                {
                    return new(values[0], change, true, steps);
                }

                int order = reached is { } now ? now.Abs().CompareTo(values[dots].Abs()) : 0;
                if (grows ? order > 0 : order < 0)
                {
                    return null; // It has passed the term after the ellipsis.
                }
            }

            return null;
        }
    }
}
