namespace ICPO.Jinja.Syntax;

/// <summary>
/// Expressions, in the precedence of Jinja2: if, or, and, not, comparisons, + -, ~, * / // %, **, unary, postfix, filters and tests.
/// </summary>
internal abstract partial class ExpressionParser(IReadOnlyList<Token> tokens, KnownNames known) : TokenReader(tokens)
{
    /// <summary>Names read so far by each macro that is being parsed.</summary>
    protected Stack<HashSet<string>> Reads { get; } = new();

    /// <summary>The names of the frame that is being parsed.</summary>
    protected Names Names { get; private set; } = new(null);

    /// <summary>Unknown filters and tests: an error, unless a condition around them defers it until they run.</summary>
    protected List<SyntaxFault> Unknown { get; } = [];

    /// <summary>Parses with the names of another frame.</summary>
    protected T In<T>(Names names, Func<T> parse)
    {
        Names outside = Names;
        Names = names;
        T? parsed = parse();
        Names = outside;
        return parsed;
    }

    protected Expression ParseExpression(bool conditional = true)
    {
        RequireStack();
        if (!conditional)
        {
            return ParseOr();
        }

        (int line, int pending) = (Current.Line, Unknown.Count);
        Expression value = ParseOr();
        while (SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = SkipName("else") ? ParseExpression() : null;
            value = new Conditional(test, value, otherwise, line);
            Unknown.RemoveRange(pending, Unknown.Count - pending);
            line = Current.Line;
        }

        return value;
    }

    /// <summary>One expression, or a tuple of several separated by commas.</summary>
    protected Expression ParseTuple(
        bool conditional = true,
        bool parenthesised = false,
        string? endName = null,
        Func<Expression>? item = null
    )
    {
        int line = Current.Line;
        (List<Expression>? items, bool tuple) = (new List<Expression>(), false);
        while (true)
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            if (
                Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd
                || Current.Is(")")
                || (endName is not null && Current.IsName(endName))
            )
            {
                break;
            }

            items.Add(item is null ? ParseExpression(conditional) : item());
            if (!Current.Is(","))
            {
                break;
            }

            tuple = true;
        }

        if (tuple || (items.Count == 0 && parenthesised))
        {
            return new TupleLiteral(items, line);
        }

        if (items.Count > 0)
        {
            return items[0];
        }

        throw Unexpected($"Expected an expression, got '{Current.Description}'");
    }

    private Expression ParseOr()
    {
        (int line, Expression? left) = (Current.Line, ParseAnd());
        while (SkipName("or"))
        {
            left = new Logical(false, left, ParseAnd(), line);
        }

        return left;
    }

    private Expression ParseAnd()
    {
        (int line, Expression? left) = (Current.Line, ParseNot());
        while (SkipName("and"))
        {
            left = new Logical(true, left, ParseNot(), line);
        }

        return left;
    }

    private Expression ParseNot()
    {
        RequireStack();
        return Current.IsName("not") ? new Not(TakeThen(ParseNot), Current.Line) : ParseComparison();
    }

    private Expression TakeThen(Func<Expression> parse)
    {
        Take();
        return parse();
    }

    private Expression ParseComparison()
    {
        (int line, Expression? first) = (Current.Line, ParseSum());
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (Current.Kind == TokenKind.Operator && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                rest.Add((Take().Text, ParseSum()));
            }
            else if (SkipName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (Current.IsName("not") && Next.IsName("in"))
            {
                Take();
                Take();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(first, rest, line);
            }
        }
    }

    private Expression ParseSum() => ParseBinary(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation()
    {
        int line = Current.Line;
        List<Expression> parts = [ParseProduct()];
        while (Skip("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : new Concatenation(parts, line);
    }

    private Expression ParseProduct() => ParseBinary(() => ParseBinary(() => ParseUnary(), "**"), "*", "/", "//", "%");

    private Expression ParseBinary(Func<Expression> operand, params ReadOnlySpan<string> operators)
    {
        (int line, Expression? left) = (Current.Line, operand());
        while (Current.Kind == TokenKind.Operator && operators.Contains(Current.Text))
        {
            left = new Binary(Take().Text, left, operand(), line);
            line = Current.Line;
        }

        return left;
    }

    private Expression ParseUnary(bool filters = true)
    {
        RequireStack();
        int line = Current.Line;
        Expression node =
            Current.Is("-") || Current.Is("+") ? new Unary(Take().Text == "-", ParseUnary(filters: false), line) : ParsePrimary();
        node = ParsePostfix(node);
        while (filters)
        {
            if (Current.Is("|"))
            {
                node = ParseFilter(node);
            }
            else if (Current.IsName("is"))
            {
                node = ParseTest(node);
            }
            else if (Current.Is("("))
            {
                node = new Call(node, ParseArguments(), Current.Line);
            }
            else
            {
                break;
            }
        }

        return node;
    }
}
