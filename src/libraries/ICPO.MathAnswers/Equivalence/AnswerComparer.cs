using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Decides whether two answers are equivalent. Symmetric: every rule is tried both ways. Outer structure is compared first (relations, sets
/// of numbers, collections, matrices, values with a mark or unit); the rest are two scalar expressions.
/// </summary>
internal sealed class AnswerComparer
{
    private const int MaxDepth = 24;

    private readonly MathSettings _settings;
    private readonly Budget _budget;
    private readonly ScalarComparer _scalars;
    private readonly RelationComparer _relations;
    private readonly CollectionComparer _collections;
    private readonly MarkedValueComparer _marked;
    private int _depth;

    public AnswerComparer(MathSettings settings, Budget budget)
    {
        _settings = settings;
        _budget = budget;
        _scalars = new(settings, budget);
        _relations = new(settings, budget, this, _scalars);
        _collections = new(settings, this);
        _marked = new(settings, this, _scalars);
    }

    public bool AreEqual(Node left, Node right)
    {
        if (_depth >= MaxDepth || !_budget.Spend(5))
        {
            return false;
        }

        if (left is SetBuilderNode first && (right as SetBuilderNode ?? Named(right)) is { } second)
        {
            return BoundNames.Match(first, second) is { } renamed && AreEqual(first.Condition, renamed);
        }

        if (right is SetBuilderNode && Named(left) is { } named)
        {
            return AreEqual(named, right);
        }

        _depth++;
        bool equal = left is NumberNode a && right is NumberNode b ? _scalars.AreEqual(a, b) : Compare(Normalize(left), Normalize(right));
        _depth--;
        return equal;
    }

    /// <summary>The set of "A = {x | x > 0}".</summary>
    private SetBuilderNode? Named(Node node) =>
        _settings.NameMayBeLeftOut && node is RelationNode { Operators: ['='], Operands: [var name, SetBuilderNode set] } && name.IsName()
            ? set
            : null;

    /// <summary>
    /// Moves signs inside percent, degrees and units, expands determinants and rewrites phrases such as "all real numbers".
    /// </summary>
    private static Node Normalize(Node node) =>
        node switch
        {
            NegateNode { Value: PercentNode percent } => new PercentNode(new NegateNode(percent.Value)),
            NegateNode { Value: DegreeNode degree } => new DegreeNode(new NegateNode(degree.Value)),
            NegateNode { Value: QuantityNode quantity } => quantity with { Value = new NegateNode(quantity.Value) },
            NegateNode { Value: BasedNode based } => based with { Value = based.Value.Negate(), Digits = "-" + based.Digits },
            QuantityNode { Value: PercentNode percent } => percent,
            SetBuilderNode set => set.Condition, // Its name is then the other side's.
            CallNode { Name: "det", Arguments: [MatrixNode matrix] } => MatrixAlgebra.Determinant(matrix) ?? node,
            SequenceNode { Open: '[', Close: ']', Items: [var only] } => only,
            SequenceNode { Open: '[', Close: ']', Items: [SequenceNode { Items.Length: var columns }, ..] } rows
                when rows.Items.All(r => r is SequenceNode { Open: '[', Close: ']' } row && row.Items.Length == columns) => new MatrixNode([
                .. rows.Items.Select(r => ((SequenceNode)r).Items),
            ]),
            WordNode
            {
                Text: "all real numbers"
                    or "all reals"
                    or "real numbers"
                    or "the real numbers"
                    or "all real"
                    or "the set of all real numbers"
            } => new SymbolNode("ℝ"),
            WordNode word when Notation.SpokenFractions.TryGetValue(AnswerText.Words(word.Text), out (int Top, int Bottom) part) =>
                new BinaryNode(BinaryKind.Divide, new NumberNode(Fraction.Of(part.Top)), new NumberNode(Fraction.Of(part.Bottom))),
            WordNode word when Notation.SpokenNumbers.TryGetValue(word.Text, out int number) => new NumberNode(Fraction.Of(number)),
            _ => node,
        };

    private bool Compare(Node left, Node right)
    {
        if (left is ChoiceNode || right is ChoiceNode)
        {
            return CompareChoices(left, right);
        }

        if (left is WordNode || right is WordNode)
        {
            if (left is not RelationNode && right is not RelationNode)
            {
                return CompareWords(left, right);
            }
        }

        if (Parameters.Bind(left, right) is ({ } family, { } other))
        {
            return AreEqual(family, other);
        }

        if (left is SequenceNode { Open: '(' } && Point(right) is { } rightPoint)
        {
            return AreEqual(left, rightPoint);
        }

        if (right is SequenceNode { Open: '(' } && left is not SequenceNode { Open: '(' } && Point(left) is { } leftPoint)
        {
            return AreEqual(right, leftPoint);
        }

        if (RealSet.IsDefinite(left) || RealSet.IsDefinite(right))
        {
            if (RealSet.From(left, _budget) is { } a && RealSet.From(right, _budget) is { } b)
            {
                return _collections.AreEqual(a, b);
            }
        }

        if (left is RelationNode || right is RelationNode)
        {
            // (x, y) = (1, 2) against y = 2, x = 1.
            bool isSystem =
                (left is SequenceNode { IsBare: true } a && a.Items.All(i => i is RelationNode))
                || (right is SequenceNode { IsBare: true } b && b.Items.All(i => i is RelationNode));
            return _relations.AreEqual(left, right) || (isSystem && _collections.AreEqual(left, right));
        }

        if (left is SetOperationNode x && right is SetOperationNode y)
        {
            return x.Operator == y.Operator
                && (
                    (AreEqual(x.Left, y.Left) && AreEqual(x.Right, y.Right))
                    || (x.Operator != '∖' && AreEqual(x.Left, y.Right) && AreEqual(x.Right, y.Left))
                );
        }

        if (left is SequenceNode || right is SequenceNode || PlusMinus.IsIn(left) || PlusMinus.IsIn(right))
        {
            return _collections.AreEqual(left, right);
        }

        if (MatrixAlgebra.Reduce(left) is { } first)
        {
            return MatrixAlgebra.Reduce(right) is { } second && AreEqual(first, second);
        }

        return left is not MatrixNode
            && right is not MatrixNode
            && (_marked.Compare(left, right) ?? _marked.Compare(right, left) ?? _scalars.AreEqual(left, right));
    }

    /// <summary>The coordinates of a named point, "P(2, 3)".</summary>
    private static SequenceNode? Point(Node node) =>
        node switch
        {
            CallNode { Name: [>= 'A' and <= 'Z'], Arguments: [_, _, ..] coordinates } => new('(', ')', coordinates),
            BinaryNode
            {
                Kind: BinaryKind.Multiply,
                Left: SymbolNode { Name: [>= 'A' and <= 'Z'] },
                Right: SequenceNode { Open: '(', Close: ')' } coordinates
            } => coordinates,
            _ => null,
        };

    /// <summary>Same shape, equal entries.</summary>
    public bool AreEqual(MatrixNode left, MatrixNode right) =>
        left.Rows.Length == right.Rows.Length
        && left.Columns == right.Columns
        && left.Rows.Zip(right.Rows).All(rows => rows.First.Zip(rows.Second).All(entries => AreEqual(entries.First, entries.Second)));

    /// <summary>An option letter with its value equals both the letter and the value.</summary>
    private bool CompareChoices(Node left, Node right) =>
        (left, right) switch
        {
            (ChoiceNode a, ChoiceNode b) => a.Letter == b.Letter && AreEqual(a.Rest, b.Rest),
            (ChoiceNode choice, _) => IsLetter(right, choice.Letter) || AreEqual(choice.Rest, right),
            (_, ChoiceNode choice) => IsLetter(left, choice.Letter) || AreEqual(left, choice.Rest),
            _ => false,
        };

    private static bool IsLetter(Node node, char letter) =>
        node is SymbolNode { Name: [var name] } && char.ToUpperInvariant(name) == letter;

    private static bool CompareWords(Node left, Node right) =>
        (left is WordNode a && right is WordNode b && (AnswerText.Words(a.Text) == AnswerText.Words(b.Text)))
        || (IsNothing(left) && IsNothing(right));

    /// <summary>Words for the empty set, and the set itself.</summary>
    private static bool IsNothing(Node node) =>
        node
            is SequenceNode { IsSet: true, Items.IsEmpty: true }
                or WordNode
                {
                    Text: "no solution"
                        or "no solutions"
                        or "none"
                        or "no real solution"
                        or "no real solutions"
                        or "empty set"
                        or "the empty set"
                };
}
