using System.Collections.Immutable;

namespace ICPO.MathAnswers.Latex;

/// <summary>Equations, inequalities and function heads.</summary>
internal sealed partial class LatexParser
{
    private Node? ParseRelation()
    {
        if (++_depth > MaxDepth)
        {
            return Fail();
        }

        (int start, int depth) = (_at, _depth);
        Node? first = ParseHead() ?? ParseSetOperation();
        if (first is null && depth == 1 && OpaqueHead(start) is { } opaque)
        {
            (first, _depth) = (opaque, depth);
        }

        SkipAlignment();
        if (first is not null && !AtEnd && IsRelation(Current))
        {
            ImmutableArray<Node>.Builder operands = ImmutableArray.CreateBuilder<Node>();
            ImmutableArray<char>.Builder operators = ImmutableArray.CreateBuilder<char>();
            operands.Add(first);
            while (!AtEnd && IsRelation(Current))
            {
                char sign = Current.Text[0];
                _at++;
                while (!AtEnd && Current.Is('&'))
                {
                    _at++;
                }

                if (AtEnd && sign is '≈' or '=')
                {
                    break;
                }

                if (ParseSetOperation() is not { } operand)
                {
                    return Fail();
                }

                operands.Add(operand);
                operators.Add(sign);
                SkipAlignment();
            }

            first = operators.Count == 0 ? first : new RelationNode(operands.ToImmutable(), operators.ToImmutable());
        }

        _depth--;
        return first;
    }

    /// <summary>The &amp; of "x &amp;= 3".</summary>
    private void SkipAlignment()
    {
        if (_at + 1 < _tokens.Count && Current.Is('&') && IsRelation(_tokens[_at + 1]))
        {
            _at++;
        }
    }

    private bool IsLetter(int at) =>
        at < _tokens.Count
        && (
            _tokens[at].Kind == TokenKind.Letter
            || (
                _tokens[at].Kind == TokenKind.Command
                && !IsFunction(_tokens[at].Text)
                && _tokens[at].Text is not ("frac" or "sqrt" or "binom" or "pi" or "infty")
            )
        );

    private static bool IsRelation(LatexToken token) =>
        token.Kind == TokenKind.Sign && token.Text[0] is '=' or '<' or '>' or '≤' or '≥' or '≠' or '∈' or '≈' or '≡' or '→';
}
