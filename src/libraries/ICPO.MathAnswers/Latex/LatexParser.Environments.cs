using System.Collections.Immutable;

namespace ICPO.MathAnswers.Latex;

/// <summary>Environments: matrices, cases and aligned equations.</summary>
internal sealed partial class LatexParser
{
    private Node? ParseEnvironment(string name)
    {
        string kind = name.TrimEnd('*');
        ImmutableArray<ImmutableArray<Node>>.Builder rows = ImmutableArray.CreateBuilder<ImmutableArray<Node>>();
        ImmutableArray<Node>.Builder row = ImmutableArray.CreateBuilder<Node>();
        int bars = _bars;
        _bars = 0;
        while (!AtEnd && Current.Kind != TokenKind.End)
        {
            if (Take('&'))
            {
                continue;
            }

            if (Current.Kind == TokenKind.Row)
            {
                _at++;
                CloseRow(rows, row);
                continue;
            }

            if (!IsGrid(kind) && IsRelation(Current))
            {
                _at++; // The &= at the start of a row.
                continue;
            }

            if (ParseRelation() is not { } cell)
            {
                return Fail();
            }

            row.Add(cell);
            if (!AtEnd && Current.Kind == TokenKind.Sign && Current.Text[0] is ',' or '.' or ';')
            {
                _at++;
            }
        }

        _bars = bars;
        if (AtEnd)
        {
            return Fail();
        }

        _at++;
        CloseRow(rows, row);
        return Environment(kind, rows.ToImmutable());
    }

    private static bool IsGrid(string kind) =>
        kind
            is "cases"
                or "array"
                or "matrix"
                or "pmatrix"
                or "bmatrix"
                or "vmatrix"
                or "Bmatrix"
                or "Vmatrix"
                or "smallmatrix"
                or "psmallmatrix";

    private static void CloseRow(ImmutableArray<ImmutableArray<Node>>.Builder rows, ImmutableArray<Node>.Builder row)
    {
        if (row.Count > 0)
        {
            rows.Add(row.ToImmutable());
            row.Clear();
        }
    }

    private Node? Environment(string kind, ImmutableArray<ImmutableArray<Node>> rows)
    {
        if (rows.Length == 0)
        {
            return Fail();
        }

        bool even = rows.All(r => r.Length == rows[0].Length);
        return kind switch
        {
            "vmatrix" when even => new CallNode("det", [new MatrixNode(rows)]),
            "cases" => rows.Length == 1 ? rows[0][0] : new SequenceNode(' ', ' ', [.. rows.Select(r => r[0])], Joint.And),
            "array" or "matrix" or "pmatrix" or "bmatrix" or "Bmatrix" or "smallmatrix" or "psmallmatrix" => even
                ? new MatrixNode(rows)
                : Fail(),
            "align" or "aligned" or "gather" or "gathered" or "split" when IsSystem(rows) => new SequenceNode(
                ' ',
                ' ',
                [.. rows.Select(r => r[0])],
                Joint.And
            ),
            "align" or "aligned" or "gather" or "gathered" or "split" or "eqnarray" or "equation" or "multline" => rows[^1][^1],
            _ => Fail(),
        };
    }

    /// <summary>Equations for different names, not the steps of one derivation.</summary>
    private static bool IsSystem(ImmutableArray<ImmutableArray<Node>> rows) =>
        rows.Length > 1
        && rows.All(r => r is [RelationNode { Operators: ['='], Operands: [SymbolNode, _] }])
        && rows.Select(r => ((RelationNode)r[0]).Operands[0]).Distinct().Count() == rows.Length;
}
