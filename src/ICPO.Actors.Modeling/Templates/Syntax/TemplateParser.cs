namespace ICPO.Actors.Modeling;

/// <summary>Statements of a Jinja template, with the extensions that transformers turns on: loop controls and generation.</summary>
internal sealed class TemplateParser(IReadOnlyList<Token> tokens, string template) : ExpressionParser(tokens, template)
{
    private int _loops;

    /// <exception cref="TemplateException">It is no template, or holds a construct that is not supported; names the line.</exception>
    public static IReadOnlyList<Statement> Parse(string source, string template)
    {
        var parser = new TemplateParser(TemplateLexer.Tokenize(source, template), template);
        var body = parser.ParseBody([], 0, "");
        return parser.Unknown.Count == 0 ? body : throw parser.Unknown[0];
    }

    /// <summary>Statements up to one of the tags that end them (which is left to be taken), or to the end of the template.</summary>
    private List<Statement> ParseBody(string[] ends, int line, string tag)
    {
        var body = new List<Statement>();
        while (true)
        {
            switch (Current.Kind)
            {
                case TokenKind.Data:
                    var data = Take();
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
                        : throw Unexpected($"Unexpected end of template. Jinja was looking for the following tags: {string.Join(" or ", ends.Select(e => $"'{e}'"))}. "
                            + $"The innermost block that needs to be closed is '{tag}', opened on line {line}.");
            }
        }
    }

    /// <summary>The body of a tag, from the end of its head on.</summary>
    private List<Statement> ParseStatements(int line, string tag, params string[] ends)
    {
        Skip(":");
        ExpectEnd(TokenKind.BlockEnd);
        return ParseBody(ends, line, tag);
    }

    /// <summary>A body of its own scope, in which an unknown filter is an error even inside a condition.</summary>
    private List<Statement> ParseScope(int line, string tag, params string[] ends)
    {
        int pending = Unknown.Count;
        var body = ParseStatements(line, tag, ends);
        return Unknown.Count == pending ? body : throw Unknown[pending];
    }

    private List<Statement> ParseStatement()
    {
        var token = ExpectName();
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
                return _loops > 0 ? [new LoopControl(token.Text == "break", token.Line)] : throw Unexpected($"'{token.Text}' outside of a loop", token.Line);
            case "filter":
                var filters = ParseFilter(null, inline: true);
                return [new FilterBlock(filters, Closed(ParseScope(token.Line, "filter", "endfilter")), token.Line)];
            case "generation":
                return [new Generation(Closed(Outside(() => ParseScope(token.Line, "generation", "endgeneration"))), token.Line)];
            case "autoescape":
                return ParseExpression() is Constant { Value: false }
                    ? [new With([], Closed(ParseScope(token.Line, "autoescape", "endautoescape")), token.Line)]
                    : throw Unexpected("'autoescape' is only supported as 'autoescape false'", token.Line);
            case "include" or "extends" or "import" or "from":
                throw Unexpected($"'{token.Text}' is not supported: no loader for this environment specified", token.Line);
            case "endif" or "endfor" or "endset" or "endmacro" or "endcall" or "endfilter" or "endwith" or "endblock" or "else" or "elif" or "endgeneration":
                throw Unexpected($"Unexpected tag '{token.Text}': it closes nothing that is open here.", token.Line);
            default:
                throw Unexpected($"Encountered unknown tag '{token.Text}'.", token.Line);
        }
    }

    /// <summary>Takes the end tag.</summary>
    private List<Statement> Closed(List<Statement> body)
    {
        Take();
        return body;
    }

    /// <summary>Parses what becomes a function of its own: a loop around it cannot be left from inside.</summary>
    private List<Statement> Outside(Func<List<Statement>> parse)
    {
        int around = _loops;
        _loops = 0;
        var body = parse();
        _loops = around;
        return body;
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTarget(withNamespace: true);
        if (Skip("="))
        {
            return new Assign(target, ParseTuple(), line);
        }

        var filters = Current.Is("|") ? ParseFilter(null) : null;
        return new AssignBlock(target, filters, Closed(ParseScope(line, "set", "endset")), line);
    }

    private If ParseIf(int line)
    {
        int pending = Unknown.Count;
        var test = ParseTuple(conditional: false);
        var then = ParseStatements(line, "if", "elif", "else", "endif");
        IReadOnlyList<Statement> otherwise = [];
        var tag = Take();
        if (tag.Text == "elif")
        {
            otherwise = [ParseIf(tag.Line)];
        }
        else if (tag.Text == "else")
        {
            otherwise = Closed(ParseStatements(line, "if", "endif"));
        }

        Unknown.RemoveRange(pending, Unknown.Count - pending);
        return new If(test, then, otherwise, line);
    }

    private For ParseFor(int line)
    {
        var target = ParseTarget(endName: "in");
        if (!SkipName("in"))
        {
            throw Unexpected($"expected token 'in', got '{Current.Description}'");
        }

        var items = ParseTuple(conditional: false, endName: "recursive");
        var test = SkipName("if") ? ParseExpression() : null;
        bool recursive = SkipName("recursive");
        _loops++;
        var body = ParseScope(line, "for", "endfor", "else");
        _loops--;
        var otherwise = Take().Text == "else" ? Closed(ParseScope(line, "for", "endfor")) : [];
        return new For(target, items, test, recursive, body, otherwise, line);
    }

    private MacroDefinition ParseMacro(int line)
    {
        string name = ExpectName().Text;
        var (parameters, defaults) = ParseSignature();
        return ParseMacroBody(name, parameters, defaults, line, "macro", "endmacro");
    }

    private MacroDefinition ParseMacroBody(string? name, List<string> parameters, List<Expression> defaults, int line, string tag, string end)
    {
        Reads.Push([]);
        var body = Closed(Outside(() => ParseScope(line, tag, end)));
        var reads = Reads.Pop();
        reads.ExceptWith(parameters);
        return new(name, parameters, defaults, body, reads.Contains("caller") || parameters.Contains("caller"), reads.Contains("kwargs"), reads.Contains("varargs"), line);
    }

    private (List<string> Parameters, List<Expression> Defaults) ParseSignature()
    {
        var (parameters, defaults) = (new List<string>(), new List<Expression>());
        Expect("(");
        while (!Current.Is(")"))
        {
            if (parameters.Count > 0)
            {
                Expect(",");
            }

            parameters.Add(Assignable(ExpectName()));
            if (Skip("="))
            {
                defaults.Add(ParseExpression());
            }
            else if (defaults.Count > 0)
            {
                throw Unexpected("non-default argument follows default argument");
            }
        }

        Expect(")");
        return (parameters, defaults);
    }

    private CallBlock ParseCall(int line)
    {
        var (parameters, defaults) = Current.Is("(") ? ParseSignature() : ([], []);
        var call = ParseExpression() as Call ?? throw Unexpected("expected call", line);
        return new(call, ParseMacroBody(null, parameters, defaults, line, "call", "endcall"), line);
    }

    private With ParseWith(int line)
    {
        var values = new List<(Expression, Expression)>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                Expect(",");
            }

            var target = ParseTarget();
            Expect("=");
            values.Add((target, ParseExpression()));
        }

        return new(values, Closed(ParseScope(line, "with", "endwith")), line);
    }

    private Block ParseBlock(int line)
    {
        string name = ExpectName().Text;
        bool scoped = SkipName("scoped");
        if (Current.IsName("required"))
        {
            throw Unexpected("a required block is not supported: there is no template that could fill it");
        }

        var body = Closed(Outside(() => ParseScope(line, "block", "endblock")));
        SkipName(name);
        return new(body, scoped, line);
    }

    private List<Statement> ParsePrint(int line)
    {
        var values = new List<Statement>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                Expect(",");
            }

            values.Add(new Print(ParseExpression(), line));
        }

        return values;
    }

    private Expression ParseTarget(bool withNamespace = false, string? endName = null)
    {
        var target = ParseTuple(endName: endName, item: () => ParsePrimary(withNamespace));
        RequireAssignable(target);
        return target;
    }

    private void RequireAssignable(Expression target)
    {
        switch (target)
        {
            case Name or NamespaceAttribute:
                break;
            case TupleLiteral tuple:
                foreach (var item in tuple.Items)
                {
                    RequireAssignable(item);
                }

                break;
            default:
                throw Unexpected($"can't assign to '{target.GetType().Name.ToLowerInvariant()}'", target.Line);
        }
    }

    private string Assignable(Token name) =>
        name.Text is "true" or "True" or "false" or "False" or "none" or "None" ? throw Unexpected($"can't assign to '{name.Text}'", name.Line) : name.Text;
}
