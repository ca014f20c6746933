namespace ICPO.MathAnswers.Latex;

internal enum TokenKind
{
    Number,

    /// <summary>One letter, or a Greek letter's name.</summary>
    Letter,

    /// <summary>A command or function name without its backslash.</summary>
    Command,

    /// <summary>Words of plain text.</summary>
    Word,

    /// <summary>A sign of one character.</summary>
    Sign,
    Begin,
    End,

    /// <summary><c>\\</c>.</summary>
    Row,
}

/// <param name="Kind">The kind of token.</param>
/// <param name="Text">Digits, letter, name or sign.</param>
/// <param name="Spaced">True if white space precedes it.</param>
internal readonly record struct LatexToken(TokenKind Kind, string Text, bool Spaced = false)
{
    public bool Is(char sign) => Kind == TokenKind.Sign && Text[0] == sign;

    public bool IsCommand(string name) => Kind == TokenKind.Command && Text == name;
}
