using System.Collections.Immutable;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;
using ICPO.MathAnswers.Numeric;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>
/// Says whether two answers mean the same. Symmetric: every rule is tried both ways. The kinds are taken from the outside in (relations,
/// sets
/// of numbers, several values, matrices, values with a sign or unit), and what is left are two expressions.
/// </summary>
internal sealed class AnswerComparer
{
    private const int DeepestNesting = 24;

    private readonly MathSettings _settings;
    private readonly Budget _budget;
    private readonly ScalarComparer _scalars;
    private readonly RelationComparer _relations;
    private readonly CollectionComparer _collections;
    private int _depth;

    public AnswerComparer(MathSettings settings, Budget budget)
    {
        (_settings, _budget) = (settings, budget);
        _scalars = new(settings, budget);
        _relations = new(settings, budget, this, _scalars);
        _collections = new(settings, this);
    }

    public bool AreEqual(Node left, Node right)
    {
        if (_depth >= DeepestNesting || !_budget.Spend(5))
        {
            return false;
        }

        _depth++;
        bool equal = left is NumberNode a && right is NumberNode b ? _scalars.AreEqual(a, b) : Compare(Normalize(left), Normalize(right));
        _depth--;
        return equal;
    }

    /// <summary>Signs move inside percent, degrees and units; determinants are expanded; names without a value vanish.</summary>
    private static Node Normalize(Node node) =>
        node switch
        {
            NegateNode { Value: PercentNode percent } => new PercentNode(new NegateNode(percent.Value)),
            NegateNode { Value: DegreeNode degree } => new DegreeNode(new NegateNode(degree.Value)),
            NegateNode { Value: QuantityNode quantity } => quantity with { Value = new NegateNode(quantity.Value) },
            NegateNode { Value: BasedNode based } => based with { Value = based.Value.Negate(), Digits = "-" + based.Digits },
            QuantityNode { Value: PercentNode percent } => percent,
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

        if (
            (
                left is SequenceNode { Open: '(' } ? Point(right)
                : right is SequenceNode { Open: '(' } ? Point(left)
                : null
            ) is
            { } point
        )
        {
            return AreEqual(left is SequenceNode ? left : right, point);
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
            && (CompareMarked(left, right) ?? CompareMarked(right, left) ?? _scalars.AreEqual(left, right));
    }

    /// <summary>The coordinates of "P(2, 3)".</summary>
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

    /// <summary>A letter with its value equals the letter, and the value.</summary>
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
        || IsNothing(left, right)
        || IsNothing(right, left);

    private static bool IsNothing(Node word, Node set) =>
        word
            is WordNode
            {
                Text: "no solution"
                    or "no solutions"
                    or "none"
                    or "no real solution"
                    or "no real solutions"
                    or "empty set"
                    or "the empty set"
            }
        && set is SequenceNode { IsSet: true, Items.IsEmpty: true };

    /// <summary>Percent, degrees, a base, a unit or a ratio on the left; null where there is none.</summary>
    private bool? CompareMarked(Node left, Node right) =>
        left switch
        {
            PercentNode percent => right is PercentNode other
                ? AreEqual(percent.Value, other.Value)
                : right is not (DegreeNode or QuantityNode)
                    && (_scalars.AreEqual(percent, right) || (_settings.PercentIsNumber && AreEqual(percent.Value, right))),
            DegreeNode degree => right is DegreeNode other
                ? AreEqual(degree.Value, other.Value)
                : right is not (PercentNode or QuantityNode)
                    && (_scalars.AreEqual(degree, right) || (_settings.DegreesAreNumbers && AreEqual(degree.Value, right))),
            BasedNode based => right is BasedNode other
                ? based.Value == other.Value
                : AreEqual(new NumberNode(based.Value), right)
                    || (
                        _settings.BaseMayBeLeftOut
                        && Fraction.ParseDecimal(based.Digits.TrimStart('-')) is { } digits
                        && AreEqual(new NumberNode(based.Digits[0] == '-' ? digits.Negate() : digits), right)
                    ),
            QuantityNode quantity => CompareQuantity(quantity, right),
            RatioNode ratio => CompareRatio(ratio, right),
            _ => null,
        };

    private bool CompareQuantity(QuantityNode left, Node right)
    {
        if (right is QuantityNode other)
        {
            return Units.Ratio(left.Unit, other.Unit) is { } ratio
                ? CompareAmounts(left.Value, other.Value, ratio)
                : AreEqual(left.Value, other.Value);
        }

        if (right is PercentNode or DegreeNode)
        {
            return false;
        }

        // 5 m or 9 m^2, where m came without a mark that it is no variable.
        return (_settings.UnitMayBeLeftOut && AreEqual(left.Value, right))
            || (
                right is BinaryNode { Kind: BinaryKind.Multiply } product
                && UnitOf(product.Right) is { } unit
                && (
                    string.Equals(unit, left.Unit, StringComparison.OrdinalIgnoreCase)
                        ? AreEqual(left.Value, product.Left)
                        : Units.Ratio(left.Unit, unit) is { } sizes && CompareAmounts(left.Value, product.Left, sizes)
                )
            );
    }

    private bool CompareAmounts(Node left, Node right, (bool Same, double Ratio) unit) =>
        unit.Same
            ? AreEqual(left, right)
            : new NumericEvaluator([], true, _budget).Evaluate(left).Real * unit.Ratio is var x
                && new NumericEvaluator([], true, _budget).Evaluate(right).Real is var y
                && Math.Abs(x - y) <= 1e-9 * Math.Abs(y);

    private static string? UnitOf(Node factor) =>
        factor switch
        {
            SymbolNode letter => letter.Name,
            BinaryNode { Kind: BinaryKind.Power, Left: SymbolNode length, Right: NumberNode power } => $"{length.Name}^{power.Value}",
            _ => null,
        };

    private bool CompareRatio(RatioNode left, Node right)
    {
        if (right is not RatioNode other)
        {
            return left.Half.Length == 0
                && left.Parts.Length == 2
                && right is not (PercentNode or QuantityNode)
                && _scalars.AreEqual(left, right);
        }

        (left, other) = (TimeOfDay(left, other), TimeOfDay(other, left));
        if (left.Parts.Length != other.Parts.Length || (left.Half != other.Half && left.Half.Length > 0 && other.Half.Length > 0))
        {
            return false;
        }

        bool clock =
            left.Half.Length > 0
            || other.Half.Length > 0
            || left.Parts.Concat(other.Parts).Any(p => p is NumberNode { Value.IsZero: true }); // 12:00 is no multiple of 1:00.
        ImmutableArray<Node> a = left.Parts,
            b = other.Parts;
        return clock
            ? a.Zip(b).All(p => AreEqual(p.First, p.Second))
            : Enumerable
                .Range(1, a.Length - 1)
                .All(i =>
                    _scalars.AreEqual(new BinaryNode(BinaryKind.Multiply, a[0], b[i]), new BinaryNode(BinaryKind.Multiply, a[i], b[0]))
                );
    }

    /// <summary>20:34 is 8:34 p.m. where the other side tells the half of the day, and 20:34:00 is 20:34 where it has no seconds.</summary>
    private static RatioNode TimeOfDay(RatioNode time, RatioNode other)
    {
        if (time.Parts.Length == 3 && other.Parts.Length == 2 && time.Parts[2] is NumberNode { Value.IsZero: true })
        {
            time = time with { Parts = time.Parts.RemoveAt(2) };
        }

        return
            other.Half.Length > 0
            && time is { Half: "", Parts: [NumberNode { Value: { IsInteger: true } hour }, ..] }
            && hour.Numerator > 12
            && hour.Numerator < 24
            ? time with
            {
                Parts = time.Parts.SetItem(0, new NumberNode(Fraction.Of(hour.Numerator - 12))),
                Half = "p",
            }
            : time;
    }
}
