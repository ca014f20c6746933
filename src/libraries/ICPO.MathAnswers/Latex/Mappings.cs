namespace ICPO.MathAnswers.Latex;

/// <summary>"f : x ↦ x²" is the definition "f(x) = x²"; without a name it defines a function that is not named.</summary>
internal static class Mappings
{
    public static void Rewrite(List<LatexToken> tokens)
    {
        int arrow = tokens.FindIndex(t => t.IsCommand("mapsto"));
        if (arrow < 1 || arrow + 1 == tokens.Count)
        {
            return;
        }

        int from = tokens[arrow - 1].Is(')') ? tokens.FindLastIndex(arrow, t => t.Is('(')) : arrow - 1;
        if (from < 0 || !(tokens[from].Is('(') || tokens[from].Kind == TokenKind.Letter))
        {
            return;
        }

        bool isNamed = from > 1 && tokens[0].Kind == TokenKind.Letter && tokens[1].Is(':');
        if (from > 0 && !(isNamed && (from == 2 || tokens[from - 1].Is(','))))
        {
            return;
        }

        List<LatexToken> names = tokens[from..arrow];
        bool isBracketed = names[0].Is('(');
        LatexToken function = isNamed ? tokens[0] : new(TokenKind.Command, LatexParser.Mapping);
        List<LatexToken> head =
        [
            function,
            .. isBracketed ? [] : new[] { new LatexToken(TokenKind.Sign, "(") },
            .. names,
            .. isBracketed ? [] : new[] { new LatexToken(TokenKind.Sign, ")") },
            new(TokenKind.Sign, "="),
        ];
        tokens.RemoveRange(0, arrow + 1);
        tokens.InsertRange(0, head);
    }
}
