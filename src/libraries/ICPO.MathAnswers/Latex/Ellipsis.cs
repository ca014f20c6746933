using System.Collections.Immutable;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Reads sums, products and lists that leave out terms: 1 + 2 + … + 100 becomes a sum over an index if its terms differ in their numbers
/// only, and these continue in exactly one way (<see cref="TermPattern"/>). Others become an unknown function of the written terms.
/// </summary>
internal static class Ellipsis
{
    public const string Dots = "…";

    /// <summary>The longest sum of terms with variables, and the longest list, that is written out.</summary>
    private const int MaxWritten = 100;

    public static Node Resolve(Node node) =>
        node switch
        {
            BinaryNode { Kind: BinaryKind.Add or BinaryKind.Subtract } sum => Series(Summands(sum), sum, "sum"),
            BinaryNode { Kind: BinaryKind.Multiply } product => Series(Factors(product), product, "prod"),
            SequenceNode list when list.Items.Any(IsDots) => List(list),
            _ => node.MapParts(Resolve),
        };

    private static bool IsDots(Node node) => node is SymbolNode { Name: Dots };

    private static Node Series(List<(bool IsNegative, Node Term)> terms, BinaryNode node, string name)
    {
        int dots = terms.FindIndex(t => IsDots(t.Term));
        if (dots < 0)
        {
            return ResolveTerms(node);
        }

        Node[] written = [.. terms.Where((_, i) => i != dots).Select(t => Resolve(t.Term))];
        bool[] signs = [.. terms.Where((_, i) => i != dots).Select(t => t.IsNegative)];
        return TermPattern.Find(written, dots) is { } pattern && Body(pattern, signs, dots) is { } body
            ? Total(body, pattern.Count, name) ?? Opaque(written, signs, dots, name)
            : Opaque(written, signs, dots, name);
    }

    /// <summary>The same sum or product with its terms resolved; each term is looked at once, however many there are.</summary>
    private static Node ResolveTerms(BinaryNode node)
    {
        Stack<BinaryNode> chain = [];
        Node first = node;
        while (first is BinaryNode inner && IsSum(inner) == IsSum(node) && (IsSum(inner) || inner.Kind == node.Kind))
        {
            chain.Push(inner);
            first = inner.Left;
        }

        Node whole = Resolve(first);
        foreach (BinaryNode inner in chain)
        {
            whole = inner with { Left = whole, Right = Resolve(inner.Right) };
        }

        return whole;
    }

    private static bool IsSum(BinaryNode node) => node.Kind is BinaryKind.Add or BinaryKind.Subtract;

    /// <summary>The term at an index, with its sign: all have the same one, or they alternate.</summary>
    private static Func<Node, Node>? Body(TermPattern pattern, bool[] signs, int dots)
    {
        if (signs.All(sign => sign == signs[0]))
        {
            return signs[0] ? index => new NegateNode(pattern.Term(index)) : pattern.Term;
        }

        bool alternates =
            dots > 2
            && signs
                .Index()
                .All(sign =>
                    (signs[0] != sign.Item) == ((sign.Index < dots ? sign.Index : pattern.Count - signs.Length + sign.Index) % 2 == 1)
                );
        return alternates
            ? index =>
            {
                Node sign = new BinaryNode(BinaryKind.Power, new NumberNode(Fraction.One.Negate()), index);
                Node term = new BinaryNode(BinaryKind.Multiply, sign, pattern.Term(index));
                return signs[0] ? new NegateNode(term) : term;
            }
            : null;
    }

    /// <summary>A sum over the index; terms with variables are written out. Null if there are too many.</summary>
    private static Node? Total(Func<Node, Node> term, int count, string name)
    {
        SymbolNode index = new(Dots);
        if (!term(Number(0)).HasVariables())
        {
            return new CallNode(name, [term(index), new RelationNode([index, Number(0)], ['=']), Number(count - 1)]);
        }

        return count <= MaxWritten ? Written(term, 0, count, name == "sum" ? BinaryKind.Add : BinaryKind.Multiply) : null;
    }

    private static Node Written(Func<Node, Node> term, int from, int to, BinaryKind kind)
    {
        int middle = (from + to) / 2;
        return to - from == 1
            ? term(Number(from))
            : new BinaryNode(kind, Written(term, from, middle, kind), Written(term, middle, to, kind));
    }

    private static CallNode Opaque(Node[] written, bool[] signs, int dots, string name) =>
        new($"{name} {dots} {string.Concat(signs.Select(sign => sign ? '-' : '+'))}", [.. written]);

    private static SequenceNode List(SequenceNode list)
    {
        int dots = list.Items.IndexOf(list.Items.First(IsDots));
        ImmutableArray<Node> written = [.. list.Items.Where((_, i) => i != dots).Select(Resolve)];
        return TermPattern.Find([.. written], dots) is { Count: <= MaxWritten } pattern
            ? list with
            {
                Items = [.. Enumerable.Range(0, pattern.Count).Select(k => pattern.Term(Number(k)))],
            }
            : list;
    }

    private static NumberNode Number(int value) => new(Fraction.Of(value));

    private static List<(bool IsNegative, Node Term)> Summands(Node node)
    {
        List<(bool, Node)> terms = [];
        while (node is BinaryNode { Kind: BinaryKind.Add or BinaryKind.Subtract } sum)
        {
            terms.Add((sum.Kind == BinaryKind.Subtract, sum.Right));
            node = sum.Left;
        }

        terms.Add(node is NegateNode negate ? (true, negate.Value) : (false, node));
        terms.Reverse();
        return terms;
    }

    private static List<(bool IsNegative, Node Term)> Factors(Node node)
    {
        List<(bool, Node)> factors = [];
        while (node is BinaryNode { Kind: BinaryKind.Multiply } product)
        {
            factors.Add((false, product.Right));
            node = product.Left;
        }

        factors.Add((false, node));
        factors.Reverse();
        return factors;
    }
}
