namespace ICPO.MathAnswers.Latex;

/// <summary>Marks around an answer that are not part of it, and multiple-choice letters.</summary>
internal sealed partial class LatexParser
{
    /// <summary>Drops a period, comma or the like at the end, and "≈", "=" or a bullet at the start.</summary>
    private static void TrimEnds(List<LatexToken> tokens)
    {
        while (
            tokens.Count > 0
            && (
                tokens[^1].Kind == TokenKind.Row
                || (tokens[^1].Kind == TokenKind.Sign && tokens[^1].Text[0] is '.' or ',' or ';' or ':' or '&')
            )
        )
        {
            tokens.RemoveAt(tokens.Count - 1);
        }

        if (tokens is [.., { Kind: TokenKind.Sign, Text: "." }, { Kind: TokenKind.Sign, Text: "}" }])
        {
            tokens.RemoveAt(tokens.Count - 2);
        }

        if (
            tokens is [{ Kind: TokenKind.Word } lead, _, ..]
            && lead.Text.ToLowerInvariant() is "answer" or "the answer" or "final answer" or "the answer is" or "answer is"
            && !tokens[1].Is('=')
            && tokens[1].Kind != TokenKind.Word
        )
        {
            tokens.RemoveAt(0);
            if (tokens[0].Is('-') && tokens.Count > 1 && tokens[1].Spaced)
            {
                tokens.RemoveAt(0); // "Answer - 4"
            }
        }

        while (
            tokens.Count > 0
            && tokens[0].Kind == TokenKind.Sign
            && tokens[0].Text[0] is '≈' or '=' or '&' or ',' or ':' or '.' or '→' or '∧'
        )
        {
            tokens.RemoveAt(0);
        }
    }

    /// <summary>"∀x ∈ ℝ, f(x) = x" is "f(x) = x".</summary>
    private static void DropQuantifier(List<LatexToken> tokens)
    {
        if (tokens[0].IsCommand("forall") && tokens.FindIndex(t => t.Is(',') || t.Is(':')) is > 1 and var end && end + 1 < tokens.Count)
        {
            tokens.RemoveRange(0, end + 1);
        }
    }

    /// <summary>"kπ (k ∈ ℤ)" is "kπ, k ∈ ℤ".</summary>
    private static void UnbracketRange(List<LatexToken> tokens)
    {
        if (
            tokens
            is [
                _,
                ..,
                { Kind: TokenKind.Sign, Text: "(" } open,
                { Kind: TokenKind.Letter },
                { Kind: TokenKind.Sign, Text: "∈" },
                { Kind: TokenKind.Letter or TokenKind.Command },
                { Kind: TokenKind.Sign, Text: ")" },
            ]
        )
        {
            tokens[^5] = open with { Text = "," };
            tokens.RemoveAt(tokens.Count - 1);
        }
    }

    /// <summary>(B), or (B) and a value, or a lone letter A–J in brackets or followed by a period or colon.</summary>
    private Node? ParseChoice()
    {
        int at = _tokens is [{ Kind: TokenKind.Word, Text: "option" or "Option" or "choice" or "Choice" }, _, ..] ? 1 : 0;
        if (at == 1 && _tokens is [_, { Kind: TokenKind.Letter, Text: [>= 'A' and <= 'J'] } named])
        {
            _at = 2;
            return new SymbolNode(named.Text);
        }

        bool bracketed = _tokens[at].Is('(');
        at += bracketed ? 1 : 0;
        if (at >= _tokens.Count || _tokens[at].Kind != TokenKind.Letter || _tokens[at].Text is not [>= 'A' and <= 'J'])
        {
            return null;
        }

        char letter = _tokens[at++].Text[0];
        bool closed =
            at < _tokens.Count
            && (_tokens[at].Is(')') || (!bracketed && _tokens[at].Kind == TokenKind.Sign && _tokens[at].Text[0] is '.' or ':'));
        if (!closed)
        {
            return null;
        }

        _at = ++at;
        if (AtEnd)
        {
            return new SymbolNode(letter.ToString());
        }

        if (ParseList(' ', ' ') is { } rest && AtEnd && !_failed && rest is not RelationNode && !NamesChoices(rest))
        {
            return new ChoiceNode(letter, rest);
        }

        // "(B) because …" is the answer B.
        bool explained = bracketed && _tokens[at].Kind == TokenKind.Word;
        (_at, _failed, _depth) = (explained ? _tokens.Count : 0, false, 0);
        return explained ? new SymbolNode(letter.ToString()) : null;
    }

    /// <summary>Only option letters: "(A) B" would answer both.</summary>
    private static bool NamesChoices(Node node) =>
        node is SymbolNode { Name: [>= 'A' and <= 'J'] } or ChoiceNode
        || (node is BinaryNode or SequenceNode or RatioNode && node.Parts().All(NamesChoices));
}
