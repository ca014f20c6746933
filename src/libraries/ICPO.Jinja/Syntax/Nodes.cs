namespace ICPO.Jinja.Syntax;

/// <summary>A part of a template that evaluates to a value.</summary>
internal abstract record Expression(int Line);

internal sealed record Constant(object? Value, int Line) : Expression(Line);

internal sealed record Name(string Identifier, int Line) : Expression(Line);

/// <summary>An attribute of a namespace as the target of an assignment.</summary>
internal sealed record NamespaceAttribute(string Identifier, string Attribute, int Line) : Expression(Line);

internal sealed record TupleLiteral(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

internal sealed record ListLiteral(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

internal sealed record DictLiteral(IReadOnlyList<(Expression Key, Expression Value)> Items, int Line) : Expression(Line);

internal sealed record Conditional(Expression Test, Expression Then, Expression? Else, int Line) : Expression(Line);

internal sealed record Logical(bool And, Expression Left, Expression Right, int Line) : Expression(Line);

internal sealed record Not(Expression Operand, int Line) : Expression(Line);

internal sealed record Unary(bool Negative, Expression Operand, int Line) : Expression(Line);

internal sealed record Binary(string Operator, Expression Left, Expression Right, int Line) : Expression(Line);

internal sealed record Concatenation(IReadOnlyList<Expression> Parts, int Line) : Expression(Line);

/// <summary>A chain of comparisons: a &lt; b in c.</summary>
internal sealed record Comparison(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest, int Line) : Expression(Line);

internal sealed record AttributeAccess(Expression Target, string Attribute, int Line) : Expression(Line);

internal sealed record ItemAccess(Expression Target, Expression Item, int Line) : Expression(Line);

internal sealed record SliceAccess(Expression Target, Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression(Line);

internal sealed record Call(Expression Target, CallArguments Arguments, int Line) : Expression(Line);

/// <param name="Input">Null for the first filter of a filter or set block.</param>
internal sealed record Filter(Expression? Input, string Identifier, CallArguments Arguments, int Line) : Expression(Line);

internal sealed record Test(Expression Input, string Identifier, CallArguments Arguments, int Line) : Expression(Line);

/// <summary>The arguments of a call as written.</summary>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? MorePositional,
    Expression? MoreNamed
)
{
    public static CallArguments None { get; } = new([], [], null, null);
}

/// <summary>Statements with a scope.</summary>
internal sealed record Frame(IReadOnlyList<Statement> Body, Names Names);

/// <summary>A part of a template that is executed.</summary>
internal abstract record Statement(int Line);

internal sealed record Text(string Value, int Line) : Statement(Line);

internal sealed record Print(Expression Value, int Line) : Statement(Line);

internal sealed record Assign(Expression Target, Expression Value, int Line) : Statement(Line);

internal sealed record AssignBlock(Expression Target, Expression? Filters, Frame Body, int Line) : Statement(Line);

internal sealed record If(Expression Test, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else, int Line) : Statement(Line);

internal sealed record For(Expression Target, Expression Items, Frame Body, Frame? Else, int Line) : Statement(Line)
{
    /// <summary>The condition that an item must fulfill; null if there is none.</summary>
    public Expression? Test { get; init; }

    /// <summary>Whether the body can call the loop for nested items.</summary>
    public bool Recursive { get; init; }
}

internal sealed record LoopControl(bool Break, int Line) : Statement(Line);

/// <summary>A macro, or the body of a call block (without a name).</summary>
internal sealed record MacroDefinition(
    string? Identifier,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<Expression> Defaults,
    Frame Body,
    int Line
) : Statement(Line)
{
    public bool UsesCaller { get; init; }

    /// <summary>Whether the body reads kwargs.</summary>
    public bool UsesNamed { get; init; }

    /// <summary>Whether the body reads varargs.</summary>
    public bool UsesPositional { get; init; }
}

internal sealed record CallBlock(Call Call, MacroDefinition Caller, int Line) : Statement(Line);

internal sealed record FilterBlock(Expression Filters, Frame Body, int Line) : Statement(Line);

internal sealed record With(IReadOnlyList<(Expression Target, Expression Value)> Values, Frame Body, int Line) : Statement(Line);

/// <summary>A named block; without inheritance it renders in place, and sees the template's variables only.</summary>
internal sealed record Block(Frame Body, bool Scoped, int Line) : Statement(Line);

/// <summary>A block of text that the model generates.</summary>
internal sealed record Generation(Frame Body, int Line) : Statement(Line);
