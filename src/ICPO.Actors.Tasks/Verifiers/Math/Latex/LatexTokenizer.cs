using System.Buffers;
using System.Text;

namespace ICPO.Actors.Tasks;

/// <summary>
/// Cuts an answer, LaTeX or plain or mixed, into tokens. Spacing, sizes, fonts, dollar signs and currency vanish here. In plain text a run of
/// letters is a word; in LaTeX it is a product of letters unless it is a function's name or looks like a word.
/// </summary>
internal sealed class LatexTokenizer
{
    public const int LongestText = 4000;
    private const int MostTokens = 2000;

    private static readonly SearchValues<char> PlainText = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -.'’");
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    private readonly string _text;
    private readonly NumberReading _reading;
    private readonly bool _plain;
    private readonly List<LatexToken> _tokens;
    private int _at;
    private int _brackets;
    private int _environments;
    private bool _spaced;

    private LatexTokenizer(string text, NumberReading reading, bool plain, List<LatexToken> tokens)
    {
        (_text, _reading, _plain, _tokens) = (text, reading, plain, tokens);
    }

    /// <summary>The tokens; null where the text is too long or not balanced enough to cut.</summary>
    public static List<LatexToken>? Tokenize(string text, NumberReading reading, bool plain)
    {
        if (text.Length > LongestText)
        {
            return null;
        }

        List<LatexToken> tokens = new(Math.Min(text.Length, 64));
        return new LatexTokenizer(text, reading, plain, tokens).Run(0) ? tokens : null;
    }

    private bool Run(int depth)
    {
        while (_at < _text.Length)
        {
            if (_tokens.Count > MostTokens)
            {
                return false;
            }

            char c = _text[_at];
            if (char.IsWhiteSpace(c) || c is '~' or '$')
            {
                _spaced = true;
                _at++;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
            {
                ScanNumber();
            }
            else if (c == '\\')
            {
                if (!ScanCommand(depth))
                {
                    return false;
                }
            }
            else if (char.IsLetter(c))
            {
                ScanLetters();
            }
            else
            {
                ScanSign(c);
            }
        }

        return true;
    }

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new(kind, text, _spaced));
        _spaced = false;
    }

    private void ScanNumber()
    {
        bool grouped = _reading != NumberReading.Listed && _brackets == 0;
        char point = _reading == NumberReading.DecimalComma ? ',' : '.', comma = _reading == NumberReading.DecimalComma ? '.' : ',';
        StringBuilder digits = new();
        TakeDigits(digits);
        int first = digits.Length;
        while (first is > 0 and <= 3 && GroupEnd(grouped, comma) is > 0 and int start)
        {
            _at = start;
            TakeDigits(digits, 3);
        }

        if (_at + 1 < _text.Length && _text[_at] == point && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            digits.Append('.');
            TakeDigits(digits);
        }
        else if (_at + 1 < _text.Length && _text[_at] == '.' && point == '.' && first > 0 && RepeatsFrom(_at + 1))
        {
            _at++;
            digits.Append('.');
        }

        Add(TokenKind.Number, digits.ToString());
        ScanExponent();
    }

    /// <summary>e5 or E-3 right behind digits.</summary>
    private void ScanExponent()
    {
        int at = _at;
        if (at < _text.Length && _text[at] is 'e' or 'E')
        {
            at++;
            int sign = at < _text.Length && _text[at] is '-' or '+' ? 1 : 0;
            int end = at + sign;
            while (end < _text.Length && end - at - sign < 4 && char.IsAsciiDigit(_text[end]))
            {
                end++;
            }

            if (end > at + sign && (end == _text.Length || !char.IsLetterOrDigit(_text[end])))
            {
                string exponent = _text[at..end];
                _at = end;
                Add(TokenKind.Sign, "*");
                Add(TokenKind.Number, "10");
                Add(TokenKind.Sign, "^");
                Add(TokenKind.Sign, "{");
                if (sign == 1)
                {
                    Add(TokenKind.Sign, exponent[..1]);
                }

                Add(TokenKind.Number, exponent[sign..]);
                Add(TokenKind.Sign, "}");
            }
        }
    }

    private void TakeDigits(StringBuilder digits, int most = int.MaxValue)
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]) && _at - start < most)
        {
            _at++;
        }

        digits.Append(_text, start, _at - start);
    }

    private bool RepeatsFrom(int at) => _text.AsSpan(at).StartsWith("\\overline") || _text.AsSpan(at).StartsWith("\\bar") || _text.AsSpan(at).StartsWith("\\dot{");

    /// <summary>Where the next group of exactly three digits starts, or 0: behind a comma, <c>{,}</c>, <c>,\!</c> or a narrow space.</summary>
    private int GroupEnd(bool grouped, char comma)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at);
        int skip = rest.StartsWith("{,}") ? 3
            : rest.StartsWith(",\\!") ? 3
            : rest.StartsWith("\\!") || rest.StartsWith("\\,") || rest.StartsWith("\\ ") || rest.StartsWith("\\;") || rest.StartsWith("\\:") ? 2
            : rest.Length > 1 && ((grouped && rest[0] == comma) || (rest[0] is ' ' or '~' && _environments == 0) || (rest[0] == '_' && rest[1] == ',')) ? 1
            : 0;
        if (skip == 0)
        {
            return 0;
        }

        while (skip < rest.Length && rest[skip] == ' ' && rest[skip - 1] == '!')
        {
            skip++;
        }

        return skip + 3 <= rest.Length && char.IsAsciiDigit(rest[skip]) && char.IsAsciiDigit(rest[skip + 1]) && char.IsAsciiDigit(rest[skip + 2])
            && (skip + 3 == rest.Length || !char.IsAsciiDigit(rest[skip + 3])) ? _at + skip : 0;
    }

    private void ScanLetters()
    {
        int start = _at;
        while (_at < _text.Length && char.IsLetter(_text[_at]))
        {
            _at++;
        }

        AddLetters(_text[start.._at]);
    }

    private void AddLetters(string run)
    {
        if (run.Length == 1)
        {
            Add(run is "x" or "X" && BetweenNumbers() ? TokenKind.Sign : TokenKind.Letter, run is "x" or "X" && BetweenNumbers() ? "*" : run);
        }
        else if (Notation.SpokenSigns.TryGetValue(run.ToLowerInvariant(), out string? sign))
        {
            Add(TokenKind.Sign, sign);
        }
        else if (Notation.Functions.ContainsKey(run) || run is "sqrt" or "pi" or "infty" or "emptyset" or "frac" or "binom")
        {
            Add(TokenKind.Command, run);
        }
        else if (run.ToLowerInvariant() is "infinity" or "inf")
        {
            Add(TokenKind.Command, "infty");
        }
        else if (_plain || LooksLikeWord(run))
        {
            Add(TokenKind.Word, run);
        }
        else
        {
            foreach (char letter in run)
            {
                Add(TokenKind.Letter, letter.ToString());
            }
        }
    }

    /// <summary>3 x 4, as plain texts write products.</summary>
    private bool BetweenNumbers() =>
        _plain && _spaced && _tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && _at + 1 < _text.Length && _text[_at] == ' ' && char.IsAsciiDigit(_text[_at + 1]);

    private bool LooksLikeWord(string run)
    {
        bool afterNumber = _tokens.Count > 0 && (_tokens[^1].Kind is TokenKind.Number or TokenKind.Word || _tokens[^1].Is('}'));
        return (afterNumber && Units.IsKnown(run))
            || (run.Length >= 4 && run.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0 && run.AsSpan().IndexOfAny(Vowels) >= 0);
    }

    private void ScanSign(char c)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at);
        (string sign, int length) = rest switch
        {
            ['<', '=', ..] => ("≤", 2),
            ['>', '=', ..] => ("≥", 2),
            ['!', '=', ..] => ("≠", 2),
            ['=', '=', ..] => ("=", 2),
            [':', '=', ..] => ("=", 2),
            ['*', '*', ..] => ("^", 2),
            ['.', '.', '.', ..] => ("…", 3),
            _ => (c.ToString(), 1),
        };
        _brackets += c is '(' or '[' ? 1 : c is ')' or ']' && _brackets > 0 ? -1 : 0;
        _at += length;
        if (c is '"' or '`' or '?')
        {
            _spaced = true;
            return;
        }

        Add(TokenKind.Sign, sign);
    }

    private bool ScanCommand(int depth)
    {
        int start = ++_at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
        {
            _at++;
        }

        string name = _text[start.._at];
        if (name.Length > 0)
        {
            return AddCommand(name, depth);
        }

        if (_at == _text.Length)
        {
            return true;
        }

        char c = _text[_at++];
        switch (c)
        {
            case '\\' when _environments == 0 && _at < _text.Length && char.IsAsciiLetter(_text[_at]):
                _at--; // An over-escaped command.
                return true;
            case '\\':
                Add(TokenKind.Row, "\\\\");
                SkipRowSpacing();
                return true;
            case '{' or '}':
                _brackets += c == '{' ? 1 : _brackets > 0 ? -1 : 0;
                Add(TokenKind.Sign, c == '{' ? "⦃" : "⦄");
                return true;
            case '%':
                Add(TokenKind.Sign, "%");
                return true;
            case '|':
                Add(TokenKind.Sign, "‖");
                return true;
            case '&' or '#' or '_':
                Add(TokenKind.Sign, c.ToString());
                return true;
            case '(' or ')' or '[' or ']':
                _spaced = true; // A delimiter of mathematics inside the answer.
                return true;
            default:
                _spaced = c != '!' || _spaced;
                return true;
        }
    }

    private void SkipRowSpacing()
    {
        if (_at < _text.Length && _text[_at] == '[' && _text.AsSpan(_at).IndexOf(']') is > 0 and <= 8 and int end && _text.AsSpan(_at, end).IndexOfAny("ptexm") > 0)
        {
            _at += end + 1;
        }
    }

    private bool AddCommand(string name, int depth)
    {
        if (Notation.Signs.TryGetValue(name, out char sign))
        {
            _brackets += name is "lbrace" or "lbrack" or "langle" ? 1 : name is "rbrace" or "rbrack" or "rangle" && _brackets > 0 ? -1 : 0;
            Add(TokenKind.Sign, sign.ToString());
        }
        else if (name is "begin" or "end")
        {
            string? environment = TakeGroup();
            if (environment is null)
            {
                return false;
            }

            _environments += name == "begin" ? 1 : -1;
            Add(name == "begin" ? TokenKind.Begin : TokenKind.End, environment);
            if (name == "begin" && environment.StartsWith("array", StringComparison.Ordinal))
            {
                TakeGroup(); // Its columns.
            }
        }
        else if (name is "text" or "textbf" || Notation.TextCommands.Contains(name))
        {
            return AddText(name, depth);
        }
        else if (Notation.SilentWithArgument.Contains(name))
        {
            TakeGroup();
        }
        else if (name == "textcolor")
        {
            TakeGroup();
        }
        else if (name is "left" or "right" && _at < _text.Length && _text[_at] == '.')
        {
            _at++;
        }
        else if (name == "mathbb")
        {
            Add(TokenKind.Command, "mathbb" + TakeArgument());
        }
        else if (!Notation.Silent.Contains(name))
        {
            Add(TokenKind.Command, name);
        }
        else
        {
            _spaced = true;
        }

        return true;
    }

    /// <summary>Words become one token; numbers, letters and connectives in text are read as if they stood outside.</summary>
    private bool AddText(string name, int depth)
    {
        if (TakeArgument() is not { } content)
        {
            return true; // \rm and the like, without braces.
        }

        string words = content.Replace('~', ' ').Trim();
        if (words.Length == 0)
        {
            _spaced = true;
            return true;
        }

        bool simple = words.AsSpan().IndexOfAnyExcept(PlainText) < 0;
        if (simple && words.Length > 1 && !words.Contains(" and ", StringComparison.Ordinal) && !words.Contains(" or ", StringComparison.Ordinal))
        {
            if (name is "operatorname" && !Notation.Functions.ContainsKey(words))
            {
                Add(TokenKind.Command, "operatorname:" + words);
                return true;
            }

            if (!words.Contains(' ', StringComparison.Ordinal) && words[^1] != '.')
            {
                bool named = name is not ("mathrm" or "mathbf" or "mathit" or "mathcal");
                new LatexTokenizer(words, _reading, named, _tokens) { _spaced = true }.Run(depth + 1);
                return true;
            }

            _spaced = true;
            Add(TokenKind.Word, words);
            return true;
        }

        return depth < 8 && new LatexTokenizer(words, _reading, !words.Contains('\\', StringComparison.Ordinal), _tokens) { _spaced = true, _brackets = _brackets }.Run(depth + 1);
    }

    /// <summary>The content of the braces that follow, else null.</summary>
    private string? TakeGroup()
    {
        int at = _at;
        while (at < _text.Length && _text[at] == ' ')
        {
            at++;
        }

        if (at >= _text.Length || _text[at] != '{' || Balanced.End(_text, at) is not { } end)
        {
            return null;
        }

        _at = end;
        return _text[(at + 1)..(end - 1)];
    }

    /// <summary>Braces, else one letter or digit.</summary>
    private string? TakeArgument() =>
        TakeGroup() is { } group ? group
        : _at + 1 < _text.Length && _text[_at] == ' ' && char.IsAsciiLetterOrDigit(_text[_at + 1]) && (_at + 2 == _text.Length || !char.IsAsciiLetterOrDigit(_text[_at + 2])) ? _text.Substring((_at += 2) - 1, 1)
        : null;
}
