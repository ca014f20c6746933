using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Latex;

/// <summary>Commands, and text inside of formulas.</summary>
internal sealed partial class LatexTokenizer
{
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
                _at--; // A command that was escaped twice.
                return true;
            case '\\':
                Add(TokenKind.Row, "\\\\");
                SkipRowSpacing();
                return true;
            case '{' or '}':
                CountBracket(opens: c == '{', closes: c == '}');
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
                _spaced = true; // A math delimiter inside the answer.
                return true;
            default:
                _at -= char.IsAsciiDigit(c) ? 1 : 0;
                _spaced = c != '!' || _spaced;
                return true;
        }
    }

    private void SkipRowSpacing()
    {
        if (
            _at < _text.Length
            && _text[_at] == '['
            && _text.AsSpan(_at).IndexOf(']') is > 0 and <= 8 and int end
            && _text.AsSpan(_at, end).IndexOfAny("ptexm") > 0
        )
        {
            _at += end + 1;
        }
    }

    private bool AddCommand(string name, int depth)
    {
        if (Notation.Signs.TryGetValue(name, out char sign))
        {
            CountBracket(opens: name is "lbrace" or "lbrack" or "langle", closes: name is "rbrace" or "rbrack" or "rangle");
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
                TakeGroup(); // The column specification.
            }
        }
        else if (Notation.TextCommands.Contains(name))
        {
            return AddText(name, depth);
        }
        else if (Notation.SilentWithArgument.Contains(name))
        {
            TakeGroup();
        }
        else if (name is "cr" or "newline" && _environments > 0)
        {
            Add(TokenKind.Row, "\\\\");
        }
        else if (name == "textcolor")
        {
            TakeGroup();
        }
        else if (name is "left" or "right" && _at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (name == "right")
            {
                OpenSystem();
            }
        }
        else if (name is "mathbb" or "Bbb")
        {
            Add(TokenKind.Command, "mathbb" + TakeArgument());
        }
        else if (!Notation.Silent.Contains(name))
        {
            Add(TokenKind.Command, name);
        }
        else
        {
            _spaced |= !Notation.BracketSizes.Contains(name);
        }

        return true;
    }

    /// <summary>An unclosed brace before the equations of a system.</summary>
    private void OpenSystem()
    {
        int open = _tokens.FindLastIndex(t => t.Is('⦃'));
        if (open >= 0 && open + 1 < _tokens.Count && _tokens[open + 1].Kind == TokenKind.Begin && _tokens[^1].Kind == TokenKind.End)
        {
            _tokens[open + 1] = _tokens[open + 1] with { Text = "cases" };
            _tokens.RemoveAt(open);
            _brackets = Math.Max(0, _brackets - 1);
        }
    }

    /// <summary>Words become one token; numbers, letters and connectives inside text are tokenized as if outside.</summary>
    private bool AddText(string name, int depth)
    {
        if (TakeArgument() is not { } content)
        {
            return true; // \rm and the like, without braces.
        }

        string words = LeadingSpace().Replace(content.Replace('~', ' '), "").Trim();
        if (words.Length == 0)
        {
            _spaced = true;
            return true;
        }

        bool divides = _tokens is [.., { Kind: TokenKind.Word }, { Kind: TokenKind.Sign, Text: "/" }]; // \mathrm{g} / \mathrm{mol}
        if (
            (divides || IsAfterValue())
            && (
                ((divides || words.Length == 1) && Units.IsKnown(words))
                || (name == "mathrm" && Units.IsSymbol(words))
                || UnitFormula().IsMatch(words)
            )
        )
        {
            Add(TokenKind.Word, words);
            return true;
        }

        if (
            words == "to"
            && _tokens.Count > 0
            && _tokens[^1].Kind == TokenKind.Number
            && _text.AsSpan(_at).TrimStart() is [>= '0' and <= '9', ..]
        )
        {
            Add(TokenKind.Sign, ":");
            return true;
        }

        bool simple = words.AsSpan().IndexOfAnyExcept(PlainText) < 0;
        if (
            simple
            && words.Length > 1
            && !words.Contains(" and ", StringComparison.Ordinal)
            && !words.Contains(" or ", StringComparison.Ordinal)
        )
        {
            if (name is "operatorname" && !Notation.Functions.ContainsKey(words))
            {
                Add(TokenKind.Command, "operatorname:" + words);
                return true;
            }

            if (
                words.IndexOf(' ', StringComparison.Ordinal) is > 0 and var gap
                && (Notation.Powers.ContainsKey(words[..gap]) || words[..gap].ToLowerInvariant() is "option" or "choice")
            )
            {
                // "million dollars": a factor and a unit; "Option B": a letter.
                new LatexTokenizer(words, _reading, true, _tokens) { _spaced = true }.Run(depth + 1);
                return true;
            }

            if (
                !words.Contains(' ', StringComparison.Ordinal)
                && !HyphenatedWord().IsMatch(words)
                && (words[^1] != '.' || words.Length == 2)
            )
            {
                bool named = name is not ("mathrm" or "mathbf" or "mathit" or "mathcal") || IsBeforeBracket();
                new LatexTokenizer(words, _reading, named, _tokens) { _spaced = true }.Run(depth + 1);
                return true;
            }

            _spaced = true;
            Add(TokenKind.Word, words);
            return true;
        }

        return depth < 8
            && new LatexTokenizer(words, _reading, !words.Contains('\\', StringComparison.Ordinal), _tokens)
            {
                _spaced = true,
                _brackets = _brackets,
            }.Run(depth + 1);
    }

    /// <summary>\mathrm{Var}(X): a name, not a product of letters.</summary>
    private bool IsBeforeBracket()
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at);
        rest = rest.StartsWith("\\left") ? rest["\\left".Length..] : rest;
        return rest is ['(' or '[', ..];
    }

    [GeneratedRegex(@"\A(?:\s|\\[,;:! ])+", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingSpace();

    [GeneratedRegex(@"\A[A-Za-z]{2,}(?:-[A-Za-z]{2,})+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenatedWord();

    /// <summary>m/s^2, kg·m^{-3}.</summary>
    [GeneratedRegex(
        @"\A[A-Za-z]{1,8}(?:\^\{?-?[0-9]\}?)?(?:\s*(?:/|\*|\\cdot|\\times)\s*[A-Za-z]{1,8}(?:\^\{?-?[0-9]\}?)?)+\z|"
            + @"\A[A-Za-z]{1,8}\^\{?-?[0-9]\}?\z|"
            + @"\A[A-Za-z]{1,8}(?:\^\{?-?[0-9]\}?)?(?:\s*\\[,; ]\s*[A-Za-z]{1,8}(?:\^\{?-?[0-9]\}?)?)+\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex UnitFormula();

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
    private string? TakeArgument()
    {
        if (TakeGroup() is { } group)
        {
            return group;
        }

        if (
            _at + 1 < _text.Length
            && _text[_at] == ' '
            && char.IsAsciiLetterOrDigit(_text[_at + 1])
            && (_at + 2 == _text.Length || !char.IsAsciiLetterOrDigit(_text[_at + 2]))
        )
        {
            return _text.Substring((_at += 2) - 1, 1);
        }

        return null;
    }
}
