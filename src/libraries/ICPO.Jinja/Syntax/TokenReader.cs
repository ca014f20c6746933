using ICPO.Jinja.Values;

namespace ICPO.Jinja.Syntax;

/// <summary>Reads the tokens of a template in order.</summary>
internal abstract class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    protected Token Current => tokens[_at];

    protected Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    protected Token Take()
    {
        Token token = Current;
        _at = Math.Min(_at + 1, tokens.Count - 1);
        return token;
    }

    protected bool Skip(string op)
    {
        bool found = Current.Is(op);
        if (found)
        {
            Take();
        }

        return found;
    }

    protected bool SkipName(string name)
    {
        bool found = Current.IsName(name);
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

    protected Token ExpectName() =>
        Current.Kind == TokenKind.Name ? Take() : throw Unexpected($"expected token 'name', got '{Current.Description}'");

    protected void ExpectEnd(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected($"expected token '{new Token(kind, "", 0).Description}', got '{Current.Description}'");
        }

        Take();
    }

    protected SyntaxFault Unexpected(string what, int? line = null) => new(line ?? Current.Line, what);

    protected void RequireStack()
    {
        if (!CallStack.Suffices)
        {
            throw Unexpected("the template nests too deeply");
        }
    }
}
