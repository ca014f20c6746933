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

        Node? first = ParseFunctionHead() ?? ParseSetOperation();
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

    /// <summary>"Φ(x, y) =" at the start of a relation declares a function, for any letter.</summary>
    private CallNode? ParseFunctionHead()
    {
        int at = _at;
        if (!IsLetter(at++))
        {
            return null;
        }

        while (at + 1 < _tokens.Count && (_tokens[at].Is('_') || _tokens[at].Is('^') || _tokens[at].Is('\'')))
        {
            bool mark = _tokens[at++].Is('\'');
            if (!mark && _tokens[at].Is('{'))
            {
                at = _tokens.FindIndex(at, t => t.Is('}'));
                if (at < 0)
                {
                    return null;
                }
            }

            at += mark ? 0 : 1;
        }

        int open = at;
        if (at >= _tokens.Count || !_tokens[at].Is('('))
        {
            return null;
        }

        ImmutableArray<Node>.Builder arguments = ImmutableArray.CreateBuilder<Node>();
        do
        {
            if (!IsLetter(++at))
            {
                return null;
            }

            arguments.Add(new SymbolNode(_tokens[at++].Text));
        } while (at < _tokens.Count && _tokens[at].Is(','));
        if (at + 1 >= _tokens.Count || !_tokens[at].Is(')') || !_tokens[at + 1].Is('='))
        {
            return null;
        }

        string name = string.Concat(_tokens.Skip(_at).Take(open - _at).Where(t => !t.Is('{') && !t.Is('}')).Select(t => t.Text));
        _at = at + 1;
        return new(name, arguments.ToImmutable());
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
