namespace ICPO.Jinja.Syntax;

/// <summary>Macros, call blocks, with, named blocks, and the targets of assignments.</summary>
internal sealed partial class TemplateParser
{
    private MacroDefinition ParseMacro(int line)
    {
        string name = ExpectName().Text;
        Names.Assign(name);
        var names = new Names(Names);
        (List<string>? parameters, List<Expression>? defaults) = In(names, ParseSignature);
        return ParseMacroBody(name, (parameters, defaults), names, line, "macro");
    }

    private MacroDefinition ParseMacroBody(
        string? name,
        (List<string> Parameters, List<Expression> Defaults) signature,
        Names names,
        int line,
        string tag
    )
    {
        (List<string> parameters, List<Expression> defaults) = signature;
        string end = $"end{tag}";
        Reads.Push([]);
        foreach (string special in (ReadOnlySpan<string>)["caller", "kwargs", "varargs"])
        {
            names.Declare(special);
        }

        Frame body = Closed(Outside(() => ParseFrame(names, line, tag, end)));
        HashSet<string> reads = Reads.Pop();
        reads.ExceptWith(parameters);
        return new(name, parameters, defaults, body, line)
        {
            UsesCaller = reads.Contains("caller") || parameters.Contains("caller"),
            UsesNamed = reads.Contains("kwargs"),
            UsesPositional = reads.Contains("varargs"),
        };
    }

    private (List<string> Parameters, List<Expression> Defaults) ParseSignature()
    {
        (List<string>? parameters, List<Expression>? defaults) = (new List<string>(), new List<Expression>());
        Expect("(");
        while (!Current.Is(")"))
        {
            if (parameters.Count > 0)
            {
                Expect(",");
            }

            string name = Assignable(ExpectName());
            Names.Declare(name);
            parameters.Add(parameters.Contains(name) ? throw Unexpected($"duplicate argument '{name}' in a macro's definition") : name);
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
        var names = new Names(Names);
        (List<string>? parameters, List<Expression>? defaults) = Current.Is("(") ? In(names, ParseSignature) : ([], []);
        Call call = ParseExpression() as Call ?? throw Unexpected("expected call", line);
        return new(call, ParseMacroBody(null, (parameters, defaults), names, line, "call"), line);
    }

    private With ParseWith(int line)
    {
        (List<(Expression, Expression)>? values, Names? names) = (new List<(Expression, Expression)>(), new Names(Names));
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                Expect(",");
            }

            Expression target = ParseTarget();
            Expect("=");
            values.Add((target, ParseExpression()));
            Visit(target, names.Declare, names.Read);
        }

        return new(values, Closed(ParseFrame(names, line, "with", "endwith")), line);
    }

    private Block ParseBlock(int line)
    {
        string name = ExpectName().Text;
        bool scoped = SkipName("scoped");
        if (Current.IsName("required"))
        {
            throw Unexpected("a required block is not supported: there is no template that could fill it");
        }

        Frame body = Closed(Outside(() => ParseFrame(line, "block", "endblock")));
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
        // A target is not read, so its names do not count.
        Expression target = In(new Names(null), () => ParseTuple(endName: endName, item: () => ParsePrimary(withNamespace)));
        RequireAssignable(target, inLoop: endName is not null || (withNamespace && _loops > 0));
        return target;
    }

    /// <summary>Visits the names of a target: those it assigns, and the namespaces it reads.</summary>
    private static void Visit(Expression target, Action<string> assign, Action<string> read)
    {
        switch (target)
        {
            case Name name:
                assign(name.Identifier);
                break;
            case NamespaceAttribute attribute:
                read(attribute.Identifier);
                break;
            case TupleLiteral tuple:
                foreach (Expression item in tuple.Items)
                {
                    Visit(item, assign, read);
                }

                break;
        }
    }

    private void RequireAssignable(Expression target, bool inLoop)
    {
        switch (target)
        {
            case Name { Identifier: "loop" } when inLoop:
                throw Unexpected("Can't assign to special loop variable in for-loop target", target.Line);
            case Name or NamespaceAttribute:
                break;
            case TupleLiteral tuple:
                foreach (Expression item in tuple.Items)
                {
                    RequireAssignable(item, inLoop);
                }

                break;
            default:
                throw Unexpected($"can't assign to '{target.GetType().Name.ToLowerInvariant()}'", target.Line);
        }
    }

    private string Assignable(Token name) =>
        name.Text is "true" or "True" or "false" or "False" or "none" or "None"
            ? throw Unexpected($"can't assign to '{name.Text}'", name.Line)
            : name.Text;
}
