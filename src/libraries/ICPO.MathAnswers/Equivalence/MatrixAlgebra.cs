using System.Collections.Immutable;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>Reduces sums, multiples and products of matrices to one matrix of expressions.</summary>
internal static class MatrixAlgebra
{
    private const int MaxSide = 12;
    private const int MaxNodes = 4_000;

    /// <summary>The matrix that a node evaluates to; null if it is not a matrix.</summary>
    public static MatrixNode? Reduce(Node node) =>
        node switch
        {
            MatrixNode matrix => matrix.Rows.Length <= MaxSide && matrix.Columns <= MaxSide ? matrix : null,
            NegateNode negate => Reduce(negate.Value) is { } inner ? Map(inner, e => new NegateNode(e)) : null,
            BinaryNode binary => ReduceBinary(binary),
            SequenceNode { Open: '⟨' } vector => new([.. vector.Items.Select(i => ImmutableArray.Create(i))]),
            _ => null,
        };

    private static MatrixNode? ReduceBinary(BinaryNode node)
    {
        MatrixNode? left = Reduce(node.Left),
            right = Reduce(node.Right);
        return (node.Kind, left, right) switch
        {
            (BinaryKind.Add or BinaryKind.Subtract, not null, not null)
                when left.Rows.Length == right.Rows.Length && left.Columns == right.Columns => new([
                .. left.Rows.Zip(right.Rows, (a, b) =>
                    ImmutableArray.CreateRange(a.Zip(b, (x, y) => (Node)new BinaryNode(node.Kind, x, y)))
                ),
            ]),
            (BinaryKind.Multiply, not null, null) when !HoldsMatrix(node.Right) => Map(left, e => new BinaryNode(
                BinaryKind.Multiply,
                e,
                node.Right
            )),
            (BinaryKind.Multiply, null, not null) when !HoldsMatrix(node.Left) => Map(right, e => new BinaryNode(
                BinaryKind.Multiply,
                node.Left,
                e
            )),
            (BinaryKind.Divide, not null, null) => Map(left, e => new BinaryNode(BinaryKind.Divide, e, node.Right)),
            (BinaryKind.Multiply, not null, not null) when left.Columns == right.Rows.Length => Bounded(Multiply(left, right)),
            _ => null,
        };
    }

    /// <summary>True for sums and products with a matrix that could not be reduced: they are no scalars.</summary>
    private static bool HoldsMatrix(Node node) =>
        node switch
        {
            MatrixNode => true,
            NegateNode negate => HoldsMatrix(negate.Value),
            BinaryNode binary => HoldsMatrix(binary.Right) || HoldsMatrix(binary.Left),
            _ => false,
        };

    /// <summary>Limits growth: the entries of a product double in size with every factor.</summary>
    private static MatrixNode? Bounded(MatrixNode matrix)
    {
        int left = MaxNodes;
        return matrix.Rows.All(row => row.All(Fits)) ? matrix : null;

        bool Fits(Node node) => --left >= 0 && node.Parts().All(Fits);
    }

    private static MatrixNode Multiply(MatrixNode left, MatrixNode right) =>
        new([
            .. left.Rows.Select(row =>
                ImmutableArray.CreateRange(
                    Enumerable
                        .Range(0, right.Columns)
                        .Select(column =>
                            row.Select((entry, k) => Combine(BinaryKind.Multiply, entry, right.Rows[k][column]))
                                .Aggregate((a, b) => Combine(BinaryKind.Add, a, b))
                        )
                )
            ),
        ]);

    /// <summary>Whole numbers and fractions are computed at once, so that a long product of matrices of numbers stays small.</summary>
    private static Node Combine(BinaryKind kind, Node left, Node right) =>
        Exact(left) is { } a
        && Exact(right) is { } b
        && (kind == BinaryKind.Add ? Fraction.Add(a, b) : Fraction.Multiply(a, b)) is { } value
            ? new NumberNode(value)
            : new BinaryNode(kind, left, right);

    private static Fraction? Exact(Node node) =>
        node switch
        {
            NumberNode { Decimals: 0 } number => number.Value,
            NegateNode { Value: NumberNode { Decimals: 0 } number } => number.Value.Negate(),
            _ => null,
        };

    private static MatrixNode Map(MatrixNode matrix, Func<Node, Node> change) =>
        new([.. matrix.Rows.Select(r => ImmutableArray.CreateRange(r.Select(change)))]);

    /// <summary>Replaces determinants of small matrices by their expansion.</summary>
    public static Node? Determinant(MatrixNode matrix)
    {
        int n = matrix.Rows.Length;
        if (n != matrix.Columns || n > 4)
        {
            return null;
        }

        if (n == 1)
        {
            return matrix.Rows[0][0];
        }

        return Enumerable
            .Range(0, n)
            .Select(k => (Node?)Term(matrix, k))
            .Aggregate((a, b) => a is null || b is null ? null : new BinaryNode(BinaryKind.Add, a, b));
    }

    private static BinaryNode? Term(MatrixNode matrix, int column)
    {
        MatrixNode minor = new([.. matrix.Rows.Skip(1).Select(r => r.RemoveAt(column))]);
        Node entry = matrix.Rows[0][column],
            signed = column % 2 == 0 ? entry : new NegateNode(entry);
        return Determinant(minor) is { } inner ? new BinaryNode(BinaryKind.Multiply, signed, inner) : null;
    }
}
