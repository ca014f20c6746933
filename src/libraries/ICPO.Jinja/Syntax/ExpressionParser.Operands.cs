using System.Globalization;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Syntax;

/// <summary>Operands: names, literals, calls, attributes, items, filters and tests.</summary>
internal abstract partial class ExpressionParser
{
    protected Expression ParsePrimary(bool withNamespace = false)
    {
        Token token = Take();
        switch (token.Kind)
        {
            case TokenKind.Name when token.Text is "true" or "True" or "false" or "False":
                return new Constant(token.Text is "true" or "True", token.Line);
            case TokenKind.Name when token.Text is "none" or "None":
                return new Constant(null, token.Line);
            case TokenKind.Name when withNamespace && Skip("."):
                return new NamespaceAttribute(token.Text, ExpectName().Text, token.Line);
            case TokenKind.Name:
                Names.Read(token.Text);
                foreach (HashSet<string> reads in Reads)
                {
                    reads.Add(token.Text);
                }

                return new Name(token.Text, token.Line);
            case TokenKind.Text:
                List<string> texts = [token.Text];
                while (Current.Kind == TokenKind.Text)
                {
                    texts.Add(Take().Text);
                }

                return new Constant(string.Concat(texts), token.Line);
            case TokenKind.Integer:
                return Integer(token);
            case TokenKind.Float:
                return new Constant(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture), token.Line);
            case TokenKind.Operator when token.Text == "(":
                Expression tuple = ParseTuple(parenthesised: true);
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

    private Constant Integer(Token token) =>
        new(
            PythonNumbers.ParseInteger(token.Text, 0, Budget.CreateUnlimited())
                ?? throw Unexpected($"number {token.Text} is too long", token.Line),
            token.Line
        );

    protected Expression ParseFilter(Expression? input, bool inline = false)
    {
        while (inline || Skip("|"))
        {
            inline = false;
            Token token = ExpectName();
            string name = Dotted(token.Text);
            CallArguments arguments = Current.Is("(") ? ParseArguments() : CallArguments.None;
            if (!known.IsFilter(name))
            {
                Unknown.Add(Unexpected($"No filter named '{name}'.", token.Line));
            }

            input = new Filter(input, name, arguments, token.Line);
        }

        return input!;
    }

    private string Dotted(string name)
    {
        List<string> names = [name];
        while (Skip("."))
        {
            names.Add(ExpectName().Text);
        }

        return string.Join('.', names);
    }

    private Expression ParsePostfix(Expression node)
    {
        while (true)
        {
            int line = Current.Line;
            if (Current.Is("("))
            {
                node = new Call(node, ParseArguments(), line);
            }
            else if (Skip("."))
            {
                node = Current.Kind switch
                {
                    TokenKind.Name => new AttributeAccess(node, Take().Text, line),
                    TokenKind.Integer => new ItemAccess(node, Integer(Take()), line),
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

            Expression? start = Current.Is(":") ? null : ParseExpression();
            if (!Skip(":"))
            {
                items.Add(start!);
                continue;
            }

            Expression? stop = Current.Is(":") || Current.Is("]") || Current.Is(",") ? null : ParseExpression();
            Expression? step = Skip(":") && !Current.Is("]") && !Current.Is(",") ? ParseExpression() : null;
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

            Expression key = ParseExpression();
            Expect(":");
            items.Add((key, ParseExpression()));
        }

        Expect("}");
        return new DictLiteral(items, line);
    }

    private CallArguments ParseArguments()
    {
        int line = Current.Line;
        Expect("(");
        (List<Expression>? positional, List<(string, Expression)>? named) = (new List<Expression>(), new List<(string, Expression)>());
        Expression? more = null;
        Expression? moreNamed = null;
        for (bool first = true; !Current.Is(")"); first = false)
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
                string name = Take().Text;
                if (named.Any(n => n.Item1 == name))
                {
                    throw Unexpected($"keyword argument repeated: {name}", line);
                }

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
        int line = Take().Line;
        bool negated = SkipName("not");
        Token token = ExpectName();
        string name = Dotted(token.Text);
        CallArguments arguments = CallArguments.None;
        if (Current.Is("("))
        {
            arguments = ParseArguments();
        }
        else if (
            (Current.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || Current.Is("[") || Current.Is("{"))
            && !(Current.IsName("else") || Current.IsName("or") || Current.IsName("and"))
        )
        {
            if (Current.IsName("is"))
            {
                throw Unexpected("You cannot chain multiple tests with is");
            }

            arguments = new([ParsePostfix(ParsePrimary())], [], null, null);
        }

        if (!known.IsTest(name))
        {
            Unknown.Add(Unexpected($"No test named '{name}'.", token.Line));
        }

        var test = new Test(input, name, arguments, line);
        return negated ? new Not(test, line) : test;
    }
}
