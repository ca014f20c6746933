namespace ICPO.Jinja.Syntax;

internal enum TokenKind
{
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>One token of a template.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">The operator, name, template data or the characters of a string literal; digits of a number without
/// underscores.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>As Jinja2 names it in its errors.</summary>
    public string Description =>
        Kind switch
        {
            TokenKind.End => "end of template",
            TokenKind.Data => "template data / text",
            TokenKind.BlockBegin => "begin of statement block",
            TokenKind.BlockEnd => "end of statement block",
            TokenKind.VariableBegin => "begin of print statement",
            TokenKind.VariableEnd => "end of print statement",
            TokenKind.Text => "string",
            _ => Text,
        };
}
