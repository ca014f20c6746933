using System.Collections.Immutable;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Parses tokens as an answer. The grammar, outermost first: list (comma, semicolon, and, or) of relations (=, &lt;, ∈ …) of set operations
/// (∪, ∩, ∖) of sums of products of powers of primaries. Recursion depth and token count are bounded, so parsing always ends.
/// </summary>
internal sealed partial class LatexParser
{
    private const int MaxDepth = 60;

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

    /// <summary>The syntax tree of an answer; null if the text does not match the grammar.</summary>
    public static Node? Parse(string text, NumberReading reading, bool plain)
    {
        // \\begin{ is LaTeX that was escaped twice.
        text = text.Contains(@"\\begin{", StringComparison.Ordinal) ? text.Replace(@"\\", @"\", StringComparison.Ordinal) : text;
        text = Modulus.Normalize(text);
        if (LatexTokenizer.Tokenize(Notation.Ascii(text.Trim(AnswerText.Emphasis)), reading, plain) is not { Count: > 0 } tokens)
        {
            return null;
        }

        TrimEnds(tokens);
        if (tokens.Count == 0)
        {
            return null;
        }

        DropQuantifier(tokens);
        Mappings.Rewrite(tokens);
        UnbracketRange(tokens);
        SpokenCalculations.Rewrite(tokens);
        Clauses.Trim(tokens);
        if (tokens.Exists(t => t.IsCommand("over") || t.IsCommand("choose")))
        {
            tokens.Insert(0, new(TokenKind.Sign, "{")); // They extend to the enclosing braces.
            tokens.Add(new(TokenKind.Sign, "}"));
        }

        LatexParser parser = new(tokens, plain);
        Node? node = parser.ParseChoice() ?? parser.ParseList(' ', ' ');
        if (node is null || parser._failed || !parser.AtEnd)
        {
            return null;
        }

        node = tokens.Exists(t => t.Is('[') || t.Is('⦃')) ? Grouping.Resolve(node) : node;
        return tokens.Exists(t => t.Is('…')) ? Ellipsis.Resolve(node) : node;
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

    /// <summary>Items up to the end or a closing sign; a single item is returned as it is.</summary>
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
        if (_failed)
        {
            return null;
        }

        if (items.Count == 1)
        {
            return items[0];
        }

        if (open == ' ' && Compound(items.ToImmutable()) is { } whole)
        {
            return whole;
        }

        return new SequenceNode(open, close, items.ToImmutable(), joint);
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
            if (Current.Is('∧'))
            {
                joint = Joint.And;
            }
            else if (Current.Is('∨'))
            {
                joint = Joint.Or;
            }

            _at++;
        }

        return any && !AtEnd && !IsClosing(Current);
    }

    private static bool IsClosing(LatexToken token) =>
        token.Kind is TokenKind.End or TokenKind.Row
        || (token.Kind == TokenKind.Sign && token.Text[0] is ')' or ']' or '}' or '⦄' or '⟩' or '⌋' or '⌉' or '&');

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
