using System.Collections.Immutable;
using System.Text;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Letters, words and bracketed expressions.</summary>
internal sealed partial class LatexParser
{
    private Node? ParsePrimary()
    {
        if (AtEnd)
        {
            return Fail();
        }

        LatexToken token = _tokens[_at++];
        return token.Kind switch
        {
            TokenKind.Number => ParseNumber(token),
            TokenKind.Letter => _plain && !AtEnd && Current.Kind == TokenKind.Word ? ParseWords(token.Text) : ParseLetter(token.Text),
            TokenKind.Word => ParseWords(token.Text),
            TokenKind.Command => ParseCommand(token.Text),
            TokenKind.Begin => ParseEnvironment(token.Text),
            TokenKind.Sign => ParseBracket(token.Text[0]),
            _ => Fail(),
        };
    }

    private Node ParseLetter(string letter) =>
        letter switch
        {
            _ when _indices.Contains(letter) => new SymbolNode(letter),
            "e" when !Subscripted() => new ConstantNode(ConstantKind.E),
            "i" when !Subscripted() => new ConstantNode(ConstantKind.I),
            "f" or "g" or "h" or "F" or "G" or "P" when !AtEnd && Current.Is('(') && !Current.Spaced => ParseApplication(letter),
            _ => new SymbolNode(letter),
        };

    private bool Subscripted() => !AtEnd && Current.Is('_');

    /// <summary>Brackets that hold no arguments: they are not tried again, or f(f(f( would take twice the time at each level.</summary>
    private readonly HashSet<int> _unread = [];

    /// <summary>f(x): a function without a known meaning.</summary>
    private Node ParseApplication(string name)
    {
        (int start, int depth, int bars) = (_at, _depth, _bars);
        if (!_unread.Contains(start))
        {
            _at++;
            if (ParseList('(', ')') is { } arguments && Take(')'))
            {
                return new CallNode(name, arguments is SequenceNode { Open: '(' } many ? many.Items : [arguments]);
            }

            _unread.Add(start);
        }

        // P(A | B): the content of the brackets is outside of the grammar.
        (_at, _depth, _bars, _failed) = (start, depth, bars, false);
        if (GroupEnd(start) is not { } close)
        {
            return new SymbolNode(name);
        }

        _at = close + 1;
        return new CallNode(name, [new SymbolNode(Text(start, _at))]);
    }

    /// <summary>Words are an answer or the left side of a relation; they are never factors.</summary>
    private Node? ParseWords(string first)
    {
        StringBuilder words = new(first);
        while (!AtEnd && Current.Kind is TokenKind.Word or TokenKind.Letter)
        {
            words.Append(' ').Append(Current.Text);
            _at++;
        }

        string text = words.ToString();
        return
            AtEnd
            || (IsRelation(Current) && !Units.AreBound(text))
            || IsClosing(Current)
            || (Current.Kind == TokenKind.Sign && Current.Text[0] is ',' or ';' or '∧' or '∨' or '_' or ':')
            ? new WordNode(text.ToLowerInvariant())
            : Fail();
    }

    private Node? ParseBracket(char open)
    {
        (int bars, bool inSet) = (_bars, _inSet);
        _inSet = open == '⦃';
        if (open is not ('|' or '‖'))
        {
            _bars = 0;
        }

        Node? node = open switch
        {
            '(' or '[' => ParseTuple(open),
            '{' => ParseBraces(),
            '⦃' => ParseSet(),
            '⟨' => ParseDelimited('⟨', '⟩'),
            '⌊' => ParseDelimited('⌊', '⌋') is { } inner ? new CallNode("floor", [inner]) : Fail(),
            '⌈' => ParseDelimited('⌈', '⌉') is { } inner ? new CallNode("ceil", [inner]) : Fail(),
            '|' or '‖' => ParseBars(open),
            '…' => new SymbolNode("…"),
            '<' => ParseDelimited('⟨', '>'),
            '_' or '^' => ParseSelection(),
            _ => Fail(),
        };
        (_bars, _inSet) = (bars, inSet);
        return node;
    }

    private Node? ParseTuple(char open)
    {
        if (Take(')') || Take(']'))
        {
            return new SequenceNode(open, ')', []);
        }

        if (ParseList(open, ')') is not { } inner || AtEnd || !(Current.Is(')') || Current.Is(']')))
        {
            return Fail();
        }

        char close = Current.Text[0];
        _at++;
        if (inner is SequenceNode sequence && sequence.Open == open && IsListOf(sequence))
        {
            return sequence with { Close = close };
        }

        if (inner is SequenceNode or SetOperationNode || (open == '(' && close == ')'))
        {
            return inner;
        }

        if (open == '[' && close == ']')
        {
            return new SequenceNode('[', ']', [inner]);
        }

        return Fail();
    }

    /// <summary>
    /// True for the list that was just parsed, false for its only item if that is bracketed (it keeps its own closing sign).
    /// </summary>
    private bool IsListOf(SequenceNode sequence) => !_closed.Contains(sequence) && _closed.Add(sequence);

    /// <summary>Index letters of the enclosing big operators.</summary>
    private readonly Stack<string?> _indices = new();

    private readonly HashSet<Node> _closed = new(ReferenceEqualityComparer.Instance);

    private Node? ParseBraces()
    {
        if (Take('}'))
        {
            return ParsePrimary();
        }

        (char open, char close) = _plain ? ('⦃', '⦄') : (' ', ' '); // Braces group in LaTeX; in plain text they denote a set.
        Node? inner = ParseList(open, close);
        if (inner is not null && !AtEnd && (Current.IsCommand("choose") || Current.IsCommand("over")))
        {
            bool choose = Current.IsCommand("choose");
            _at++;
            if (ParseList('⦃', '⦄') is not { } lower)
            {
                return Fail();
            }

            inner = choose ? new CallNode("binomial", [inner, lower]) : new BinaryNode(BinaryKind.Divide, inner, lower);
        }

        return inner is not null && Take('}') ? inner : Fail();
    }

    private Node? ParseSet()
    {
        if (Take('⦄'))
        {
            return new SequenceNode('⦃', '⦄', []);
        }

        _bars++; // In a set a bar separates the condition.
        Node? inner = ParseList('⦃', '⦄');
        _bars--;
        if (inner is not null && (Take('|') || Take(':')))
        {
            // {2k | condition} denotes a family of values.
            Node? condition = ParseList(' ', ' ');
            if (condition is null || !Take('⦄'))
            {
                return Fail();
            }

            if (inner is SymbolNode || inner is RelationNode { Operands: [SymbolNode, _], Operators: ['∈'] })
            {
                return new SetBuilderNode(inner as SymbolNode ?? (SymbolNode)inner.Parts().First(), condition);
            }

            if (inner is RelationNode || inner.IsName())
            {
                return condition;
            }

            return new SequenceNode('⦃', '⦄', [new SequenceNode(' ', ' ', [inner, condition])]);
        }

        if (inner is RatioNode { Parts: [SymbolNode, _] } && _tokens[_at - 1].Kind != TokenKind.Sign)
        {
            return Fail();
        }

        if (inner is null || !Take('⦄'))
        {
            return Fail();
        }

        if (inner is SequenceNode { IsSet: true } set && IsListOf(set))
        {
            return set;
        }

        return new SequenceNode('⦃', '⦄', [inner]);
    }

    private Node? ParseDelimited(char open, char close)
    {
        Node? inner = ParseList(open, close);
        return inner is not null && Take(close) ? inner : Fail();
    }

    private Node? ParseBars(char bar)
    {
        _bars++;
        Node? inner = ParseSum();
        _bars--;
        return inner is not null && Take(bar) ? new CallNode(inner is MatrixNode ? "det" : "abs", [inner]) : Fail();
    }

    private ImmutableArray<Node>? ParseArguments(int count)
    {
        ImmutableArray<Node>.Builder arguments = ImmutableArray.CreateBuilder<Node>(count);
        for (int i = 0; i < count; i++)
        {
            if (ParseArgument() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }

        return arguments.ToImmutable();
    }

    /// <summary>A group in braces, else one token; one digit of a number, as TeX reads \frac12.</summary>
    private Node? ParseArgument()
    {
        if (!AtEnd && Current is { Kind: TokenKind.Number, Text: { Length: > 1 } digits } && digits.All(char.IsAsciiDigit))
        {
            _tokens[_at] = Current with { Text = digits[1..] };
            return new NumberNode(Fraction.Of(digits[0] - '0'));
        }

        if (Take('-'))
        {
            return ParseArgument() is { } value ? new NegateNode(value) : Fail();
        }

        return ParsePrimary();
    }
}
