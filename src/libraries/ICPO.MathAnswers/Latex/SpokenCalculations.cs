namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Rewrites a calculation in words as the formula that it says: "3 plus 4", "3 squared", "3 and a half", 3加4, 3万. Words that lack an
/// operand stay words.
/// </summary>
internal static class SpokenCalculations
{
    public static void Rewrite(List<LatexToken> tokens)
    {
        if (tokens[0] is { Kind: TokenKind.Word, Text: "negative" or "Negative" } && StartsOperand(tokens, 1))
        {
            tokens[0] = new(TokenKind.Sign, "-");
        }

        for (int at = 1; at < tokens.Count; at++)
        {
            if (StartsAside(tokens, at))
            {
                return;
            }

            if (!EndsOperand(tokens, at - 1))
            {
                continue;
            }

            if (tokens[at].Kind == TokenKind.Word && ChineseCalculations.Applies(tokens[at].Text))
            {
                ChineseCalculations.Rewrite(tokens, at);
            }
            else if (WordsAt(tokens, at) is { Text.Length: > 1 } words)
            {
                Replace(tokens, at, words.Text);
            }
        }
    }

    /// <summary>"12 (3 times 4)", "12: 3 times 4": how a value came about is no factor of it.</summary>
    private static bool StartsAside(List<LatexToken> tokens, int at) =>
        (tokens[at].Is('(') && tokens[at].Spaced && tokens[at - 1].Kind is TokenKind.Number or TokenKind.Word)
        || (tokens[at].Is(':') && at + 1 < tokens.Count && tokens[at + 1].Spaced && !tokens[at].Spaced);

    private static void Replace(List<LatexToken> tokens, int at, string words)
    {
        int space = words.IndexOf(' ', StringComparison.Ordinal);
        foreach (SpokenTerm term in SpokenTerms.At(space < 0 ? words : words[..space]))
        {
            if (Match(tokens, at, term.Words) is { } match && Apply(tokens, at, match.End, match.Unit, term))
            {
                return;
            }
        }
    }

    private static bool Apply(List<LatexToken> tokens, int at, int end, string rest, SpokenTerm term)
    {
        bool isLast = term.Kind is SpokenKind.Postfix or SpokenKind.Fraction;
        if (isLast ? IsUnit(tokens, end, rest, term) : rest.Length > 0 || !StartsOperand(tokens, end))
        {
            return false;
        }

        (int from, int to) = (at, end);
        List<LatexToken> signs = [.. term.Signs.Select(Token)];
        switch (term.Kind)
        {
            case SpokenKind.Infix when term.Words[0] == "of" && !tokens[at - 1].Is('%'):
                return false;
            case SpokenKind.Grouping when tokens[end].Kind is TokenKind.Number or TokenKind.Letter:
                signs = [.. signs, .. Braced(tokens[end])];
                to++;
                break;
            case SpokenKind.Choose:
                if (!IsSimple(tokens[at - 1]) || !IsSimple(tokens[end]))
                {
                    return false;
                }

                signs = [new(TokenKind.Command, "binom"), .. Braced(tokens[at - 1]), .. Braced(tokens[end])];
                (from, to) = (at - 1, end + 1);
                break;
            case SpokenKind.Point:
                if (!IsInteger(tokens[at - 1]) || !IsInteger(tokens[end]))
                {
                    return false;
                }

                signs = [new(TokenKind.Number, $"{tokens[at - 1].Text}.{tokens[end].Text}")];
                (from, to) = (at - 1, end + 1);
                break;
            case SpokenKind.Fraction:
                if (!IsInteger(tokens[at - 1]))
                {
                    return false;
                }

                signs = [new(TokenKind.Command, "frac"), .. Braced(signs[0]), .. Braced(signs[1])]; // A mixed number.
                break;
        }

        if (rest.Length > 0)
        {
            signs.Add(new(TokenKind.Word, rest, true));
        }

        tokens.RemoveRange(from, to - from);
        tokens.InsertRange(from, signs);
        return true;
    }

    /// <summary>"3 squared meters": the word belongs to a unit.</summary>
    private static bool IsUnit(List<LatexToken> tokens, int end, string rest, SpokenTerm term)
    {
        string next = end < tokens.Count && tokens[end].Kind == TokenKind.Word ? tokens[end].Text : "";
        string first = (rest.Length > 0 ? rest : next).Split(' ')[0];
        return term.Words[0] is "squared" or "cubed" && Units.IsKnown(first);
    }

    /// <summary>The index behind these words, and the rest of the last token.</summary>
    private static (int End, string Unit)? Match(List<LatexToken> tokens, int at, string[] words)
    {
        string pending = "";
        foreach (string word in words)
        {
            if (pending.Length == 0)
            {
                if (WordsAt(tokens, at) is not { } found)
                {
                    return null;
                }

                (pending, at) = (found.Text, found.End);
            }

            int space = pending.IndexOf(' ', StringComparison.Ordinal);
            if (!pending.AsSpan(0, space < 0 ? pending.Length : space).SequenceEqual(word))
            {
                return null;
            }

            pending = space < 0 ? "" : pending[(space + 1)..];
        }

        return (at, pending);
    }

    /// <summary>The words of a token, "and" and "a" included; a hyphen before them is skipped.</summary>
    private static (string Text, int End)? WordsAt(List<LatexToken> tokens, int at)
    {
        if (at >= tokens.Count)
        {
            return null;
        }

        LatexToken token = tokens[at];
        return token.Kind switch
        {
            TokenKind.Word => (token.Text.ToLowerInvariant().Replace('-', ' '), at + 1),
            TokenKind.Sign when token.Is('∧') => ("and", at + 1),
            TokenKind.Sign when token.Is('-') && tokens[at - 1].Kind == TokenKind.Word => WordsAt(tokens, at + 1),
            TokenKind.Letter when token.Text is "a" or "A" => ("a", at + 1),
            TokenKind.Letter when token.Text == "o" && at + 1 < tokens.Count && tokens[at + 1] is { Text: "f", Spaced: false } => (
                "of",
                at + 2
            ),
            _ => null,
        };
    }

    public static bool EndsOperand(List<LatexToken> tokens, int at) =>
        tokens[at].Kind switch
        {
            TokenKind.Number or TokenKind.Letter => true,
            TokenKind.Command => tokens[at].Text is "pi" or "infty",
            TokenKind.Sign => tokens[at].Text[0] is ')' or ']' or '}' or '|' or '!' or '%' or '°',
            _ => false,
        };

    public static bool StartsOperand(List<LatexToken> tokens, int at)
    {
        if (at >= tokens.Count)
        {
            return false;
        }

        bool isArticle =
            tokens[at] is { Kind: TokenKind.Letter, Text: "a" or "A" } && at + 1 < tokens.Count && tokens[at + 1].Kind == TokenKind.Word;
        return tokens[at].Kind switch
        {
            TokenKind.Number => true,
            TokenKind.Letter => !isArticle,
            TokenKind.Command => true,
            TokenKind.Sign => tokens[at].Text[0] is '(' or '[' or '{' or '|' || (tokens[at].Is('-') && StartsOperand(tokens, at + 1)),
            _ => false,
        };
    }

    public static IEnumerable<LatexToken> Braced(LatexToken token) =>
        [new(TokenKind.Sign, "{"), token with { Spaced = false }, new(TokenKind.Sign, "}")];

    private static bool IsSimple(LatexToken token) => token.Kind is TokenKind.Number or TokenKind.Letter;

    public static bool IsInteger(LatexToken token) => token.Kind == TokenKind.Number && !token.Text.Contains('.', StringComparison.Ordinal);

    private static LatexToken Token(string text) =>
        text[0] switch
        {
            >= '0' and <= '9' => new(TokenKind.Number, text),
            >= 'a' and <= 'z' => new(TokenKind.Command, text),
            _ => new(TokenKind.Sign, text),
        };
}
