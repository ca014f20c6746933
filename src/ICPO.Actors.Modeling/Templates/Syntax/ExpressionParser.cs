using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ICPO.Actors.Modeling;

/// <summary>Expressions, in the precedence of Jinja2: if, or, and, not, comparisons, + -, ~, * / // %, **, unary, postfix, filters and tests.</summary>
internal abstract class ExpressionParser(IReadOnlyList<Token> tokens, string template)
{
    private int at;

    protected Token Current => tokens[at];

    /// <summary>Names read so far by each macro that is being parsed.</summary>
    protected Stack<HashSet<string>> Reads { get; } = new();

    /// <summary>Unknown filters and tests that are an error unless the condition they stand in excuses them until they run.</summary>
    protected List<TemplateException> Unknown { get; } = [];

    private Token Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    protected Token Take()
    {
        var token = Current;
        at = Math.Min(at + 1, tokens.Count - 1);
        return token;
    }

    protected bool Skip(string op)
    {
        var found = Current.Is(op);
        if (found)
        {
            Take();
        }

        return found;
    }

    protected bool SkipName(string name)
    {
        var found = Current.IsName(name);
        if (found)
        {
            Take();
        }

        return found;
    }

    protected void Expect(string op)
    {
        if (!Skip(op))
        {
            throw Unexpected($"expected token '{op}', got '{Current.Description}'");
        }
    }

    protected Token ExpectName() => Current.Kind == TokenKind.Name ? Take() : throw Unexpected($"expected token 'name', got '{Current.Description}'");

    protected void ExpectEnd(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected($"expected token '{new Token(kind, "", 0).Description}', got '{Current.Description}'");
        }

        Take();
    }

    protected TemplateException Unexpected(string what, int? line = null) => new(template, line ?? Current.Line, what);

    protected Expression ParseExpression(bool conditional = true)
    {
        RequireStack();
        if (!conditional)
        {
            return ParseOr();
        }

        var (line, pending) = (Current.Line, Unknown.Count);
        var value = ParseOr();
        while (SkipName("if"))
        {
            var test = ParseOr();
            var otherwise = SkipName("else") ? ParseExpression() : null;
            value = new Conditional(test, value, otherwise, line);
            Unknown.RemoveRange(pending, Unknown.Count - pending);
            line = Current.Line;
        }

        return value;
    }

    /// <summary>One expression, or several with commas as a tuple.</summary>
    protected Expression ParseTuple(bool conditional = true, bool parenthesised = false, string? endName = null, Func<Expression>? item = null)
    {
        var line = Current.Line;
        var (items, tuple) = (new List<Expression>(), false);
        while (true)
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            if (Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.Is(")") || (endName is not null && Current.IsName(endName)))
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

        return tuple || (items.Count == 0 && parenthesised) ? new TupleLiteral(items, line)
            : items.Count > 0 ? items[0]
            : throw Unexpected($"Expected an expression, got '{Current.Description}'");
    }

    protected Expression ParsePrimary(bool withNamespace = false)
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.Name when token.Text is "true" or "True" or "false" or "False":
                return new Constant(token.Text is "true" or "True", token.Line);
            case TokenKind.Name when token.Text is "none" or "None":
                return new Constant(null, token.Line);
            case TokenKind.Name when withNamespace && Skip("."):
                return new NamespaceAttribute(token.Text, ExpectName().Text, token.Line);
            case TokenKind.Name:
                foreach (var reads in Reads)
                {
                    reads.Add(token.Text);
                }

                return new Name(token.Text, token.Line);
            case TokenKind.Text:
                var text = token.Text;
                while (Current.Kind == TokenKind.Text)
                {
                    text += Take().Text;
                }

                return new Constant(text, token.Line);
            case TokenKind.Integer:
                return new Constant(PythonNumbers.ParseInteger(token.Text, 0) ?? throw Unexpected($"number {token.Text} is too long", token.Line), token.Line);
            case TokenKind.Float:
                return new Constant(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture), token.Line);
            case TokenKind.Operator when token.Text == "(":
                var tuple = ParseTuple(parenthesised: true);
                Expect(")");
                return tuple;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(token.Line);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token.Line);
            default:
                throw Unexpected($"unexpected '{token.Description}'", token.Line);
        }
    }

    protected Expression ParseFilter(Expression? input, bool inline = false)
    {
        while (inline || Skip("|"))
        {
            inline = false;
            var token = ExpectName();
            var name = Dotted(token.Text);
            var arguments = Current.Is("(") ? ParseArguments() : CallArguments.None;
            if (!TemplateFilters.All.ContainsKey(name))
            {
                Unknown.Add(Unexpected($"No filter named '{name}'.", token.Line));
            }

            input = new Filter(input, name, arguments, token.Line);
        }

        return input!;
    }

    private string Dotted(string name)
    {
        while (Skip("."))
        {
            name += "." + ExpectName().Text;
        }

        return name;
    }

    private Expression ParseOr()
    {
        var (line, left) = (Current.Line, ParseAnd());
        while (SkipName("or"))
        {
            left = new Logical(false, left, ParseAnd(), line);
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var (line, left) = (Current.Line, ParseNot());
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
        var (line, first) = (Current.Line, ParseSum());
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
        var line = Current.Line;
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
        var (line, left) = (Current.Line, operand());
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
        var line = Current.Line;
        var node = Current.Is("-") || Current.Is("+") ? new Unary(Take().Text == "-", ParseUnary(filters: false), line) : ParsePrimary();
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

    private Expression ParsePostfix(Expression node)
    {
        while (true)
        {
            var line = Current.Line;
            if (Current.Is("("))
            {
                node = new Call(node, ParseArguments(), line);
            }
            else if (Skip("."))
            {
                node = Current.Kind switch
                {
                    TokenKind.Name => new AttributeAccess(node, Take().Text, line),
                    TokenKind.Integer => new ItemAccess(node, new Constant(BigInteger.Parse(Take().Text, CultureInfo.InvariantCulture), line), line),
                    _ => throw Unexpected("expected name or number"),
                };
            }
            else if (Skip("["))
            {
                node = ParseSubscript(node, line);
            }
            else
            {
                return node;
            }
        }
    }

    private Expression ParseSubscript(Expression node, int line)
    {
        var items = new List<Expression>();
        while (!Current.Is("]"))
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            var start = Current.Is(":") ? null : ParseExpression();
            if (!Skip(":"))
            {
                items.Add(start!);
                continue;
            }

            var stop = Current.Is(":") || Current.Is("]") || Current.Is(",") ? null : ParseExpression();
            var step = Skip(":") && !Current.Is("]") && !Current.Is(",") ? ParseExpression() : null;
            if (items.Count > 0 || !Current.Is("]"))
            {
                throw Unexpected("a slice together with other subscripts is not supported");
            }

            Expect("]");
            return new SliceAccess(node, start, stop, step, line);
        }

        Expect("]");
        return new ItemAccess(node, items.Count == 1 ? items[0] : new TupleLiteral(items, line), line);
    }

    private ListLiteral ParseList(int line)
    {
        var items = new List<Expression>();
        while (!Current.Is("]"))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (Current.Is("]"))
                {
                    break;
                }
            }

            items.Add(ParseExpression());
        }

        Expect("]");
        return new ListLiteral(items, line);
    }

    private DictLiteral ParseDict(int line)
    {
        var items = new List<(Expression, Expression)>();
        while (!Current.Is("}"))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (Current.Is("}"))
                {
                    break;
                }
            }

            var key = ParseExpression();
            Expect(":");
            items.Add((key, ParseExpression()));
        }

        Expect("}");
        return new DictLiteral(items, line);
    }

    private CallArguments ParseArguments()
    {
        var line = Current.Line;
        Expect("(");
        var (positional, named) = (new List<Expression>(), new List<(string, Expression)>());
        Expression? more = null;
        Expression? moreNamed = null;
        for (var first = true; !Current.Is(")"); first = false)
        {
            if (!first)
            {
                Expect(",");
                if (Current.Is(")"))
                {
                    break;
                }
            }

            if (Skip("*"))
            {
                Require(more is null && moreNamed is null);
                more = ParseExpression();
            }
            else if (Skip("**"))
            {
                Require(moreNamed is null);
                moreNamed = ParseExpression();
            }
            else if (Current.Kind == TokenKind.Name && Next.Is("="))
            {
                Require(moreNamed is null);
                var name = Take().Text;
                Take();
                named.Add((name, ParseExpression()));
            }
            else
            {
                Require(more is null && moreNamed is null && named.Count == 0);
                positional.Add(ParseExpression());
            }
        }

        Expect(")");
        return new(positional, named, more, moreNamed);

        void Require(bool condition)
        {
            if (!condition)
            {
                throw Unexpected("invalid syntax for function call expression", line);
            }
        }
    }

    private Expression ParseTest(Expression input)
    {
        var line = Take().Line;
        var negated = SkipName("not");
        var token = ExpectName();
        var name = Dotted(token.Text);
        var arguments = CallArguments.None;
        if (Current.Is("("))
        {
            arguments = ParseArguments();
        }
        else if ((Current.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || Current.Is("[") || Current.Is("{"))
            && !(Current.IsName("else") || Current.IsName("or") || Current.IsName("and")))
        {
            if (Current.IsName("is"))
            {
                throw Unexpected("You cannot chain multiple tests with is");
            }

            arguments = new([ParsePostfix(ParsePrimary())], [], null, null);
        }

        if (!TemplateTests.All.ContainsKey(name))
        {
            Unknown.Add(Unexpected($"No test named '{name}'.", token.Line));
        }

        var test = new Test(input, name, arguments, line);
        return negated ? new Not(test, line) : test;
    }

    private void RequireStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Unexpected("the template nests too deeply");
        }
    }
}
