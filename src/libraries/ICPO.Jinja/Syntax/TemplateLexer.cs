using System.Text.RegularExpressions;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Syntax;

/// <summary>
/// Splits a Jinja template into tokens with trim_blocks and lstrip_blocks and without keep_trailing_newline, as transformers
/// does: the newline after a block or comment is removed, and the white space before one at the start of a line.
/// </summary>
internal sealed partial class TemplateLexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _lineStarting = true;

    private TemplateLexer(string source)
    {
        string normal = source.Replace("\r\n", "\n").Replace('\r', '\n'); // form feeds and Unicode separators are not line ends
        this._source = normal.EndsWith('\n') ? normal[..^1] : normal;
    }

    /// <exception cref="SyntaxFault">A character, string, comment or raw block is not well formed.</exception>
    public static IReadOnlyList<Token> Tokenize(string source)
    {
        var lexer = new TemplateLexer(source);
        lexer.Root();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void Root()
    {
        while (_at < _source.Length)
        {
            int tag = _at;
            while (tag < _source.Length && !(_source[tag] == '{' && tag + 1 < _source.Length && _source[tag + 1] is '%' or '{' or '#'))
            {
                tag++;
            }

            if (tag >= _source.Length)
            {
                Data(_source[_at..], _source.Length);
                return;
            }

            char kind = _source[tag + 1];
            char sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : ' ';
            string text = Stripped(_source[_at..tag], sign, kind != '{');
            int after = tag + (sign == ' ' ? 2 : 3);
            Match raw = kind == '%' ? RawBegin().Match(_source, after, _source.Length - after) : Match.Empty;
            Data(text, raw.Success ? after + raw.Length : after);
            _lineStarting = _source[_at - 1] == '\n';
            if (raw.Success)
            {
                Raw();
            }
            else if (kind == '#')
            {
                Comment();
            }
            else
            {
                Add(kind == '{' ? TokenKind.VariableBegin : TokenKind.BlockBegin, "");
                Tag(kind == '{');
            }
        }
    }

    /// <summary>Emits template data and advances in the source; the line counter follows the source, not the data.</summary>
    private void Data(string text, int next)
    {
        if (text.Length > 0)
        {
            Add(TokenKind.Data, text);
        }

        Advance(next);
    }

    private void Advance(int next)
    {
        _line += _source.AsSpan(_at, next - _at).Count('\n');
        _at = next;
    }

    private string Stripped(string text, char sign, bool lstrip)
    {
        if (sign == '-')
        {
            return PythonText.TrimEnd(text);
        }

        if (sign == '+' || !lstrip)
        {
            return text;
        }

        int start = text.LastIndexOf('\n') + 1;
        return (start > 0 || _lineStarting) && text.AsSpan(start).IndexOfAnyExcept(PythonText.SpaceValues) < 0 ? text[..start] : text;
    }

    private void Raw()
    {
        for (int end = _at; end < _source.Length; end++)
        {
            if (_source[end] == '{' && RawEnd().Match(_source, end, _source.Length - end) is { Success: true } match)
            {
                string sign = match.Groups[1].Value;
                Data(Stripped(_source[_at..end], sign.Length == 0 ? ' ' : sign[0], lstrip: true), end + match.Length);
                _lineStarting = _source[_at - 1] == '\n';
                return;
            }
        }

        throw Bad("Missing end of raw directive");
    }

    private void Comment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Bad("Missing end of comment tag");
        }

        Close(end + 2, end > _at && _source[end - 1] == '-', end > _at && _source[end - 1] == '+');
    }

    /// <summary>
    /// Ends a tag: '-' removes all white space after it, '+' nothing, otherwise one newline is removed (not after print statements).
    /// </summary>
    private void Close(int next, bool all, bool none)
    {
        if (all)
        {
            while (next < _source.Length && PythonText.IsSpace(_source[next]))
            {
                next++;
            }
        }
        else if (!none && next < _source.Length && _source[next] == '\n')
        {
            next++;
        }

        Advance(next);
        _lineStarting = _source[_at - 1] == '\n';
    }

    private void Tag(bool variable)
    {
        var open = new Stack<char>();
        string end = variable ? "}}" : "%}";
        while (true)
        {
            if (_at >= _source.Length)
            {
                return; // the parser reports what is missing
            }

            if (open.Count == 0 && EndAt(end, variable, out int next, out char sign))
            {
                Add(variable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "");
                Close(next, sign == '-', variable || sign == '+');
                return;
            }

            if (PythonText.IsSpace(_source[_at]))
            {
                Advance(_at + 1);
            }
            else if (Number() is { Success: true } number)
            {
                string digits = number.Value.Replace("_", "");
                Add(number.Groups["float"].Success ? TokenKind.Float : TokenKind.Integer, digits);
                Advance(_at + number.Length);
            }
            else if (Identifier().Match(_source, _at, _source.Length - _at) is { Success: true } name)
            {
                Add(TokenKind.Name, name.Value);
                Advance(_at + name.Length);
            }
            else if (Literal().Match(_source, _at, _source.Length - _at) is { Success: true } literal)
            {
                Add(TokenKind.Text, StringLiteral.Unescape(literal.ValueSpan[1..^1].ToString(), Bad));
                Advance(_at + literal.Length);
            }
            else
            {
                Operator(open);
            }
        }
    }

    private bool EndAt(string end, bool variable, out int next, out char sign)
    {
        sign = _source[_at] == '-' || (_source[_at] == '+' && !variable) ? _source[_at] : ' ';
        next = _at + (sign == ' ' ? 0 : 1) + 2;
        return string.CompareOrdinal(_source, next - 2, end, 0, 2) == 0;
    }

    private Match Number()
    {
        if (!char.IsAsciiDigit(_source[_at]))
        {
            return Match.Empty;
        }

        Match real = _at > 0 && _source[_at - 1] == '.' ? Match.Empty : Float().Match(_source, _at, _source.Length - _at);
        return real.Success ? real : Integer().Match(_source, _at, _source.Length - _at);
    }

    private void Operator(Stack<char> open)
    {
        string op = Operators.FirstOrDefault(o => string.CompareOrdinal(_source, _at, o, 0, o.Length) == 0)
            ?? throw Bad($"unexpected char {PythonText.Repr(Character(), Budget.CreateUnlimited())} at {_at}");
        switch (op[0])
        {
            case '(':
                open.Push(')');
                break;
            case '[':
                open.Push(']');
                break;
            case '{':
                open.Push('}');
                break;
            case ')' or ']' or '}':
                if (!open.TryPop(out char expected))
                {
                    throw Bad($"unexpected '{op}'");
                }

                if (expected != op[0])
                {
                    throw Bad($"unexpected '{op}', expected '{expected}'");
                }

                break;
        }

        Add(TokenKind.Operator, op);
        Advance(_at + op.Length);
    }

    private string Character() => _source.Substring(_at, char.IsHighSurrogate(_source[_at]) && _at + 1 < _source.Length ? 2 : 1);

    private void Add(TokenKind kind, string text) => _tokens.Add(new(kind, text, _line));

    private SyntaxFault Bad(string what) => new(_line, what);
}
