namespace ICPO.Jinja.Syntax;

/// <summary>Statements of a Jinja template, with the extensions that transformers enables: loop controls and generation blocks.</summary>
internal sealed partial class TemplateParser(IReadOnlyList<Token> tokens, KnownNames known) : ExpressionParser(tokens, known)
{
    private int _loops;

    /// <exception cref="SyntaxFault">It does not parse, or it needs an unsupported construct; names the line.</exception>
    public static Frame Parse(string source, KnownNames known)
    {
        var parser = new TemplateParser(TemplateLexer.Tokenize(source), known);
        List<Statement> body = parser.ParseBody([], 0, "");
        return parser.Unknown.Count == 0 ? new(body, parser.Names) : throw parser.Unknown[0];
    }

    /// <summary>Statements up to, but not including, one of the tags that end them, or up to the end of the template.</summary>
    private List<Statement> ParseBody(string[] ends, int line, string tag)
    {
        RequireStack();
        var body = new List<Statement>();
        while (true)
        {
            switch (Current.Kind)
            {
                case TokenKind.Data:
                    Token data = Take();
                    body.Add(new Text(data.Text, data.Line));
                    break;
                case TokenKind.VariableBegin:
                    int begin = Take().Line;
                    body.Add(new Print(ParseTuple(), begin));
                    ExpectEnd(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    Take();
                    if (Current.Kind == TokenKind.Name && ends.Contains(Current.Text))
                    {
                        return body;
                    }

                    body.AddRange(ParseStatement());
                    ExpectEnd(TokenKind.BlockEnd);
                    break;
                default:
                    return ends.Length == 0
                        ? body
                        : throw Unexpected(
                            "Unexpected end of template. Jinja was looking for the following tags: "
                                + $"{string.Join(" or ", ends.Select(e => $"'{e}'"))}. "
                                + $"The innermost block that needs to be closed is '{tag}', opened on line {line}."
                        );
            }
        }
    }

    /// <summary>The body of a tag, after its head.</summary>
    private List<Statement> ParseStatements(int line, string tag, params string[] ends)
    {
        Skip(":");
        ExpectEnd(TokenKind.BlockEnd);
        return ParseBody(ends, line, tag);
    }

    /// <summary>A body with its own scope, in which an unknown filter is an error even inside a condition.</summary>
    private Frame ParseFrame(Names names, int line, string tag, params string[] ends)
    {
        int pending = Unknown.Count;
        List<Statement> body = In(names, () => ParseStatements(line, tag, ends));
        return Unknown.Count == pending ? new(body, names) : throw Unknown[pending];
    }

    private Frame ParseFrame(int line, string tag, params string[] ends) => ParseFrame(new Names(Names), line, tag, ends);

    private List<Statement> ParseStatement()
    {
        Token token = ExpectName();
        switch (token.Text)
        {
            case "set":
                return [ParseSet(token.Line)];
            case "if":
                return [ParseIf(token.Line)];
            case "for":
                return [ParseFor(token.Line)];
            case "macro":
                return [ParseMacro(token.Line)];
            case "call":
                return [ParseCall(token.Line)];
            case "with":
                return [ParseWith(token.Line)];
            case "block":
                return [ParseBlock(token.Line)];
            case "print":
                return ParsePrint(token.Line);
            case "break" or "continue":
                return _loops > 0
                    ? [new LoopControl(token.Text == "break", token.Line)]
                    : throw Unexpected($"'{token.Text}' outside of a loop", token.Line);
            case "filter":
                Expression filters = ParseFilter(null, inline: true);
                return [new FilterBlock(filters, Closed(ParseFrame(token.Line, "filter", "endfilter")), token.Line)];
            case "generation":
                return [new Generation(Closed(Outside(() => ParseFrame(token.Line, "generation", "endgeneration"))), token.Line)];
            case "autoescape":
                return ParseExpression() is Constant { Value: false }
                    ? [new With([], Closed(ParseFrame(token.Line, "autoescape", "endautoescape")), token.Line)]
                    : throw Unexpected("'autoescape' is only supported as 'autoescape false'", token.Line);
            case "include" or "extends" or "import" or "from":
                throw Unexpected($"'{token.Text}' is not supported: no loader for this environment specified", token.Line);
            case "endif"
            or "endfor"
            or "endset"
            or "endmacro"
            or "endcall"
            or "endfilter"
            or "endwith"
            or "endblock"
            or "else"
            or "elif"
            or "endgeneration":
                throw Unexpected($"Unexpected tag '{token.Text}': it closes nothing that is open here.", token.Line);
            default:
                throw Unexpected($"Encountered unknown tag '{token.Text}'.", token.Line);
        }
    }

    /// <summary>Takes the end tag.</summary>
    private T Closed<T>(T body)
    {
        Take();
        return body;
    }

    /// <summary>Parses a body that is compiled to a function: statements in it cannot leave a loop around it.</summary>
    private Frame Outside(Func<Frame> parse)
    {
        int around = _loops;
        _loops = 0;
        Frame body = parse();
        _loops = around;
        return body;
    }

    private Statement ParseSet(int line)
    {
        Expression target = ParseTarget(withNamespace: true);
        if (Skip("="))
        {
            Expression value = ParseTuple();
            Visit(target, Names.Assign, Names.Read);
            return new Assign(target, value, line);
        }

        Visit(target, Names.Assign, Names.Read);
        Expression? filters = Current.Is("|") ? In(new Names(Names), () => ParseFilter(null)) : null;
        return new AssignBlock(target, filters, Closed(ParseFrame(line, "set", "endset")), line);
    }

    private If ParseIf(int line)
    {
        int pending = Unknown.Count;
        Expression test = ParseTuple(conditional: false);
        Names.Conditions++;
        List<Statement> then = ParseStatements(line, "if", "elif", "else", "endif");
        IReadOnlyList<Statement> otherwise = [];
        Token tag = Take();
        if (tag.Text == "elif")
        {
            otherwise = [ParseIf(tag.Line)];
        }
        else if (tag.Text == "else")
        {
            otherwise = Closed(ParseStatements(line, "if", "endif"));
        }

        Names.Conditions--;
        Unknown.RemoveRange(pending, Unknown.Count - pending);
        return new(test, then, otherwise, line);
    }

    private For ParseFor(int line)
    {
        Expression target = ParseTarget(endName: "in");
        if (!SkipName("in"))
        {
            throw Unexpected($"expected token 'in', got '{Current.Description}'");
        }

        Expression items = ParseTuple(conditional: false, endName: "recursive");
        Expression? test = SkipName("if") ? In(LoopNames(), () => ParseExpression()) : null;
        bool recursive = SkipName("recursive");
        _loops++;
        Names names = LoopNames();
        names.Declare("loop");
        Frame body = ParseFrame(names, line, "for", "endfor", "else");
        _loops--;
        Frame? otherwise = Take().Text != "else" ? null : Closed(recursive ? Outside(Else) : Else());
        return new For(target, items, body, otherwise, line) { Test = test, Recursive = recursive };

        Frame Else() => ParseFrame(line, "for", "endfor");

        Names LoopNames()
        {
            var names = new Names(Names);
            Visit(target, names.Declare, names.Read);
            return names;
        }
    }
}
