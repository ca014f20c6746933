using System.Collections.Immutable;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// The left side of "quantity = value". A name with scripts and brackets is a function regardless of the content of its brackets: f'(0),
/// 𝔼[X], P(A | B), Area(ABC). A left side outside of the grammar is an opaque name.
/// </summary>
internal sealed partial class LatexParser
{
    /// <summary>The name of a function that is given as "x ↦ x²".</summary>
    public const string Mapping = "mapping";

    private const int MaxHeadTokens = 200;

    private static Node Product(string letters) =>
        letters[1..].Aggregate((Node)new SymbolNode(letters[..1]), (left, c) => Multiply(left, new SymbolNode($"{c}")));

    /// <summary>The points of "\angle ABC" where letters form words.</summary>
    private bool IsAtFigure() =>
        !AtEnd
        && Current is { Kind: TokenKind.Word, Text: { Length: > 1 and <= 6 } points }
        && !points.AsSpan().ContainsAnyExceptInRange('A', 'Z');

    /// <summary>A name, its scripts and one group of brackets before "=".</summary>
    private CallNode? ParseHead()
    {
        int open = ScriptsEnd(_at);
        if (open < 0 || open >= _tokens.Count || !IsBracket(_tokens[open]) || GroupEnd(open) is not { } close)
        {
            return null;
        }

        if (close + 1 >= _tokens.Count || !_tokens[close + 1].Is('='))
        {
            return null;
        }

        ImmutableArray<Node>? arguments = Letters(open, close);
        if (arguments is null && !IsFunctionName(_at, open) && !ShowsArguments(open, close))
        {
            return null;
        }

        string name = Text(_at, open);
        arguments ??= [new SymbolNode(Text(open, close + 1))];
        _at = close + 1;
        return new(name, arguments.Value);
    }

    /// <summary>The index after a name and its scripts and primes; −1 if there is no name.</summary>
    private int ScriptsEnd(int at)
    {
        if (!IsLetter(at) && !(at < _tokens.Count && _tokens[at].Kind == TokenKind.Word && !IsRelationWord(_tokens[at])))
        {
            return -1;
        }

        at++;
        while (at + 1 < _tokens.Count && (_tokens[at].Is('_') || _tokens[at].Is('^') || _tokens[at].Is('\'')))
        {
            bool mark = _tokens[at++].Is('\'');
            if (!mark && _tokens[at].Is('{'))
            {
                at = _tokens.FindIndex(at, t => t.Is('}'));
                if (at < 0)
                {
                    return -1;
                }
            }

            at += mark ? 0 : 1;
        }

        return at;
    }

    private static bool IsRelationWord(LatexToken word) => Units.AreBound(word.Text);

    /// <summary>The index of the sign that closes the brackets at <paramref name="open"/>.</summary>
    private int? GroupEnd(int open)
    {
        int depth = 0;
        for (int at = open; at < _tokens.Count && at - open < MaxHeadTokens; at++)
        {
            if (_tokens[at].Kind != TokenKind.Sign)
            {
                continue;
            }

            switch (_tokens[at].Text[0])
            {
                case '(' or '[' or '⦃' or '{':
                    depth++;
                    break;
                case ')' or ']' or '⦄' or '}' when --depth == 0:
                    return at;
            }
        }

        return null;
    }

    /// <summary>The names of "(x, y)"; null for other brackets.</summary>
    private ImmutableArray<Node>? Letters(int open, int close)
    {
        ImmutableArray<Node>.Builder names = ImmutableArray.CreateBuilder<Node>();
        for (int at = open + 1; at <= close; at += 2)
        {
            if (!_tokens[open].Is('(') || !IsLetter(at) || (at + 1 < close && !_tokens[at + 1].Is(',')))
            {
                return null;
            }

            names.Add(new SymbolNode(_tokens[at].Text));
        }

        return names.Count > 0 ? names.ToImmutable() : null;
    }

    /// <summary>Capital letters, f, g, h, words, names with a prime or an inverse: brackets after them are no factor.</summary>
    private bool IsFunctionName(int at, int open) =>
        _tokens[at].Kind switch
        {
            TokenKind.Letter => _tokens[at].Text is [>= 'A' and <= 'Z'] or "f" or "g" or "h"
                || Enumerable.Range(at, open - at).Any(i => _tokens[i].Is('\'') || _tokens[i].Is('-')),
            TokenKind.Command => _tokens[at].Text.StartsWith("mathbb", StringComparison.Ordinal)
                || _tokens[at].Text.StartsWith("operatorname:", StringComparison.Ordinal)
                || char.IsAsciiLetterUpper(_tokens[at].Text[0])
                || _tokens[at].Text is "deg" or "dim" or "ker" or Mapping,
            _ => true,
        };

    /// <summary>Several arguments, a condition, or a lone number: not a factor either.</summary>
    private bool ShowsArguments(int open, int close)
    {
        if (close - open == 2 && _tokens[open + 1].Kind == TokenKind.Number)
        {
            return true;
        }

        int depth = 0;
        for (int at = open; at < close; at++)
        {
            LatexToken token = _tokens[at];
            if (depth == 1 && (token.Is(',') || token.Is(';') || token.Is('|') || token.Is('∪') || token.Is('∩') || IsRelation(token)))
            {
                return true;
            }

            depth += IsBracket(token) || token.Is('{') ? 1 : 0;
            depth -= token.Is(')') || token.Is(']') || token.Is('⦄') || token.Is('}') ? 1 : 0;
        }

        return false;
    }

    /// <summary>What could not be parsed before the first "=" of an answer, as a name; not for lists, alternatives and bounds.</summary>
    private WordNode? OpaqueHead(int start)
    {
        int depth = 0;
        for (int at = start; at < _tokens.Count && at - start < MaxHeadTokens; at++)
        {
            LatexToken token = _tokens[at];
            if (token.Kind is TokenKind.Begin or TokenKind.End or TokenKind.Row || IsRelationWord(token))
            {
                return null;
            }

            if (token.Kind != TokenKind.Sign)
            {
                continue;
            }

            if (depth == 0 && (token.Text[0] is ',' or ';' or '∧' or '∨' or ':' || IsRelation(token)))
            {
                if (!token.Is('=') || at == start)
                {
                    return null;
                }

                (_at, _failed, _bars, _inSet) = (at, false, 0, false);
                _indices.Clear();
                return new(Text(start, at).ToLowerInvariant());
            }

            depth += token.Text[0] is '(' or '[' or '{' or '⦃' ? 1 : 0;
            depth -= token.Text[0] is ')' or ']' or '}' or '⦄' ? 1 : 0;
            if (depth < 0)
            {
                return null;
            }
        }

        return null;
    }

    private string Text(int from, int to) =>
        string.Concat(
            _tokens
                .Skip(from)
                .Take(to - from)
                .Where(t => !t.Is('{') && !t.Is('}'))
                .Select(t => t.Kind == TokenKind.Word ? t.Text + " " : t.Text)
        );
}
