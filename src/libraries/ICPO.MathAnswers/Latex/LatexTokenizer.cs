using System.Buffers;
using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Splits an answer (LaTeX, plain text or a mix) into tokens. Spacing, sizes, fonts, dollar signs and currency are dropped. In plain text a
/// run of letters is a word; in LaTeX it is a product of letters unless it is a function's name or looks like a word.
/// </summary>
internal sealed partial class LatexTokenizer
{
    public const int MaxTextLength = 4000;
    private const int MaxTokens = 2000;
    private const char LastLetterOfFormulas = '\u2fff'; // Later code points are Chinese, Japanese and Korean words.

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

    /// <summary>The tokens; null if the text is too long or unbalanced.</summary>
    public static List<LatexToken>? Tokenize(string text, NumberReading reading, bool plain)
    {
        if (text.Length > MaxTextLength)
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
            if (_tokens.Count > MaxTokens)
            {
                return false;
            }

            char c = _text[_at];
            if (char.IsWhiteSpace(c) || c is '~' or '$')
            {
                _spaced = true;
                _at++;
            }
            else if (
                char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && (char.IsAsciiDigit(_text[_at + 1]) || RepeatsFrom(_at + 1)))
            )
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

    /// <summary>Texts of one character, which most tokens are.</summary>
    private static readonly string[] Singles = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    private static string Single(char c) => c < Singles.Length ? Singles[c] : c.ToString();

    private void ScanLetters()
    {
        int start = _at;
        while (_at < _text.Length && char.IsLetter(_text[_at]))
        {
            _at++;
        }

        if (_tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && AfterNumber(start))
        {
            return;
        }

        AddLetters(_at == start + 1 ? Single(_text[start]) : _text[start.._at]);
    }

    /// <summary>12th, 2.5 million, 7:30 p.m., 3 to 4, 1.5 x 10^3: the meanings of letters directly after a number.</summary>
    private bool AfterNumber(int start)
    {
        string run = _at == start + 1 ? Single(_text[start]) : _text[start.._at];
        if (!_spaced && start > 0 && char.IsAsciiDigit(_text[start - 1]) && run is "st" or "nd" or "rd" or "th")
        {
            return true;
        }

        if (run.Length > 1 && Notation.Powers.TryGetValue(run.ToLowerInvariant(), out string? factor))
        {
            Add(TokenKind.Sign, "*");
            Add(TokenKind.Number, factor);
            return true;
        }

        ReadOnlySpan<char> rest = _text.AsSpan(_at).TrimStart();
        if (run == "to" && rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            Add(TokenKind.Sign, ":");
            return true;
        }

        if (run == "deg")
        {
            Add(TokenKind.Sign, "°");
            return true;
        }

        if (run is "x" or "X" && rest.StartsWith("10^"))
        {
            Add(TokenKind.Sign, "*");
            return true;
        }

        if (run is "p" or "a" or "P" or "A" && HalfOfDay().Match(_text, start) is { Success: true } half && half.Index == start)
        {
            _at = start + half.Length;
            Add(TokenKind.Word, run.ToLowerInvariant() + "m");
            return true;
        }

        if (run.Length == 2 && run.ToLowerInvariant() is "am" or "pm" && _tokens.Count > 1 && _tokens[^2].Is(':'))
        {
            Add(TokenKind.Word, run.ToLowerInvariant());
            return true;
        }

        return false;
    }

    [GeneratedRegex(@"\G[apAP]\.\s?[mM]\b\.?", RegexOptions.CultureInvariant)]
    private static partial Regex HalfOfDay();

    private void AddLetters(string run)
    {
        if (run == "U" && BetweenBrackets())
        {
            Add(TokenKind.Sign, "∪");
        }
        else if (run is "USD" or "EUR" or "GBP" or "Rs")
        {
            _spaced = true;
        }
        else if (run.Length == 1 && run[0] <= LastLetterOfFormulas)
        {
            Add(
                run is "x" or "X" && BetweenNumbers() ? TokenKind.Sign : TokenKind.Letter,
                run is "x" or "X" && BetweenNumbers() ? "*" : run
            );
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
        else if (_plain || LooksLikeWord(run) || run.Any(c => c > LastLetterOfFormulas))
        {
            Add(TokenKind.Word, run);
        }
        else
        {
            foreach (char letter in run)
            {
                Add(TokenKind.Letter, Single(letter));
            }
        }
    }

    private void CountBracket(bool opens, bool closes)
    {
        if (opens)
        {
            _brackets++;
        }
        else if (closes && _brackets > 0)
        {
            _brackets--;
        }
    }

    /// <summary>(1, 2) U (3, 4): a union typed on a keyboard.</summary>
    private bool BetweenBrackets() =>
        _tokens.Count > 0 && (_tokens[^1].Is(')') || _tokens[^1].Is(']')) && _text.AsSpan(_at).TrimStart() is ['(' or '[', ..];

    /// <summary>3 x 4: a product in plain text.</summary>
    private bool BetweenNumbers() =>
        _plain
        && _spaced
        && _tokens.Count > 0
        && _tokens[^1].Kind == TokenKind.Number
        && _at + 1 < _text.Length
        && _text[_at] == ' '
        && char.IsAsciiDigit(_text[_at + 1]);

    /// <summary>True if a unit is possible here.</summary>
    private bool IsAfterValue() =>
        _tokens.Count > 0
        && (
            _tokens[^1].Kind is TokenKind.Number or TokenKind.Word
            || _tokens[^1].Is('}')
            || _tokens[^1].Is(')')
            || _tokens[^1].IsCommand("pi")
        );

    private bool LooksLikeWord(string run)
    {
        return (IsAfterValue() && Units.IsKnown(run) && IsUnit(run))
            || (run.Length >= 4 && run.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0 && run.AsSpan().IndexOfAny(Vowels) >= 0);
    }

    /// <summary>Letters of a formula that are a unit: at the end of a value, and not two variables (2GM/R, 3mg, 2km\sin x).</summary>
    private bool IsUnit(string run) =>
        (
            run.Length > 2
            || (
                run[1] is >= 'a' and <= 'z'
                && (
                    run is not ("mg" or "gm" or "ml" or "lb" or "hr" or "in" or "mi" or "oz")
                    || (_spaced && _tokens[^1].Kind == TokenKind.Number)
                )
            )
        )
        && _text.AsSpan(_at).TrimStart()
            is []
                or [',' or ';' or '.' or ')' or ']' or '$' or '^' or '/' or '\\' or (>= 'a' and <= 'z') or (>= '0' and <= '9'), ..]
        && !(
            _text.AsSpan(_at).TrimStart() is ['\\', >= 'a' and <= 'z', ..] rest
            && !(rest.StartsWith("\\text") || rest.StartsWith("\\quad") || rest.StartsWith("\\mathrm"))
        );

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
            ['+', '/', '-', ..] => ("±", 3),
            ['-', '/', '+', ..] => ("∓", 3),
            ['.', '.', '.', ..] => ("…", 3),
            _ => (Single(c), 1),
        };
        CountBracket(opens: c is '(' or '[', closes: c is ')' or ']');
        _at += length;
        if (c is '"' or '`' or '?')
        {
            _spaced = true;
            return;
        }

        Add(TokenKind.Sign, sign);
    }
}
