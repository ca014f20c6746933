using System.Collections.Immutable;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Reads tokens as an answer. The grammar, from the outside in: list (comma, semicolon, and, or) of relations (=, &lt;, ∈ …) of set
/// operations
/// (∪, ∩, ∖) of sums of products of powers of primaries. Recursion is bounded, so is the number of tokens: parsing always ends.
/// </summary>
internal sealed partial class LatexParser
{
    private const int DeepestNesting = 60;

    private readonly List<LatexToken> _tokens;
    private readonly bool _plain;
    private int _at;
    private int _depth;
    private int _bars;
    private bool _inSet;
    private bool _failed;

    private LatexParser(List<LatexToken> tokens, bool plain) => (_tokens, _plain) = (tokens, plain);

    private LatexToken Current => _at < _tokens.Count ? _tokens[_at] : default;

    private bool AtEnd => _at >= _tokens.Count;

    /// <summary>The answer; null where the text is no answer of this grammar.</summary>
    public static Node? Parse(string text, NumberReading reading, bool plain)
    {
        text = text.Contains(@"\\begin{", StringComparison.Ordinal) ? text.Replace(@"\\", @"\", StringComparison.Ordinal) : text; // Escaped once too often.
        if (LatexTokenizer.Tokenize(Notation.Ascii(text.Trim(AnswerText.Emphasis)), reading, plain) is not { Count: > 0 } tokens)
        {
            return null;
        }

        TrimEnds(tokens);
        if (tokens.Count == 0)
        {
            return null;
        }

        UnbracketRange(tokens);
        if (tokens.Exists(t => t.IsCommand("over") || t.IsCommand("choose")))
        {
            tokens.Insert(0, new(TokenKind.Sign, "{")); // They reach as far as the braces round them.
            tokens.Add(new(TokenKind.Sign, "}"));
        }

        LatexParser parser = new(tokens, plain);
        Node? node = parser.ParseChoice() ?? parser.ParseList(' ', ' ');
        return node is null || parser._failed || !parser.AtEnd ? null : node;
    }

    private bool Take(char sign)
    {
        if (!AtEnd && Current.Is(sign))
        {
            _at++;
            return true;
        }

        return false;
    }

    private Node? Fail()
    {
        _failed = true;
        return null;
    }

    /// <summary>Items up to the end or a closing sign; one item is itself.</summary>
    private Node? ParseList(char open, char close)
    {
        ImmutableArray<Node>.Builder items = ImmutableArray.CreateBuilder<Node>();
        Joint joint = Joint.Comma;
        List<int> groups = [];
        do
        {
            if (ParseRelation() is not { } item)
            {
                return Fail();
            }

            items.Add(item);
            if (!AtEnd && Current.Kind == TokenKind.Sign && Current.Text[0] is ';' or '∧' or '∨')
            {
                groups.Add(items.Count);
            }
        } while (TakeSeparator(ref joint));
        Group(items, groups);
        return _failed ? null
            : items.Count == 1 ? items[0]
            : open == ' ' && Compound(items.ToImmutable()) is { } whole ? whole
            : new SequenceNode(open, close, items.ToImmutable(), joint);
    }

    /// <summary>
    /// "a = 1, b = 2; a = 3, b = 4" are two pairs: a semicolon, "and" or "or" between lists of values under the same names.
    /// </summary>
    private static void Group(ImmutableArray<Node>.Builder items, List<int> ends)
    {
        int size = ends.Count == 0 ? 0 : ends[0];
        ends.Add(items.Count);
        if (
            size < 2
            || items.Count % size != 0
            || !ends.SequenceEqual(Enumerable.Range(1, items.Count / size).Select(k => k * size))
            || !items
                .Index()
                .All(i =>
                    i.Item is RelationNode { Operators: ['='], Operands: [SymbolNode name, _] }
                    && items[i.Index % size] is RelationNode { Operands: [var first, _] }
                    && first == name
                )
        )
        {
            return;
        }

        Node[] groups = [.. items.Chunk(size).Select(group => new SequenceNode(' ', ' ', [.. group], Joint.And))];
        items.Clear();
        items.AddRange(groups);
    }

    private bool TakeSeparator(ref Joint joint)
    {
        bool any = false;
        while (!AtEnd && (Current.Kind == TokenKind.Sign && Current.Text[0] is ',' or ';' or '∧' or '∨'))
        {
            any = true;
            joint =
                Current.Is('∧') ? Joint.And
                : Current.Is('∨') ? Joint.Or
                : joint;
            _at++;
        }

        return any && !AtEnd && !IsClosing(Current);
    }

    private static bool IsClosing(LatexToken token) =>
        token.Kind is TokenKind.End or TokenKind.Row
        || (token.Kind == TokenKind.Sign && token.Text[0] is ')' or ']' or '}' or '⦄' or '⟩' or '⌋' or '⌉' or '&');

    private Node? ParseRelation()
    {
        if (++_depth > DeepestNesting)
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

    /// <summary>"Φ(x, y) =" at the start of a relation names a function, whatever its letter.</summary>
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

    private Node? ParseSetOperation()
    {
        Node? left = ParseRatio();
        while (left is not null && !AtEnd && Current.Kind == TokenKind.Sign && Current.Text[0] is '∪' or '∩' or '∖')
        {
            char sign = Current.Text[0];
            _at++;
            left = ParseRatio() is { } right ? new SetOperationNode(sign, left, right) : Fail();
        }

        return left;
    }

    /// <summary>a : b, and times of day.</summary>
    private Node? ParseRatio()
    {
        Node? first = ParseSum();
        if (first is null || AtEnd || !IsColon())
        {
            return first;
        }

        ImmutableArray<Node>.Builder parts = ImmutableArray.CreateBuilder<Node>();
        parts.Add(first);
        string half = "";
        while (IsColon())
        {
            _at += Current.Is('{') ? 3 : 1;
            if (ParseSum() is not { } part)
            {
                return Fail();
            }

            if (
                part is QuantityNode { Unit: var unit } quantity
                && unit.Replace(".", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()
                    is ("am" or "pm")
                        and var time
            )
            {
                (part, half) = (quantity.Value, time[..1]);
            }

            parts.Add(part);
        }

        return new RatioNode(parts.ToImmutable(), half);
    }

    private bool IsColon() =>
        !AtEnd
        && !_inSet
        && (Current.Is(':') || (Current.Is('{') && _at + 2 < _tokens.Count && _tokens[_at + 1].Is(':') && _tokens[_at + 2].Is('}')));
}
