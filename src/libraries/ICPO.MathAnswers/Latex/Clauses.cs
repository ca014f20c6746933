using System.Collections.Frozen;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Removes the clause after an answer that only introduces its names ("for all x ∈ ℝ", "where C is any constant") or states where a
/// constant value is attained ("when x = 2"). A clause that restricts the answer is kept.
/// </summary>
internal static class Clauses
{
    private static readonly FrozenSet<string> Quantifying = Set("for where with forall in being");

    private static readonly FrozenSet<string> Locating = Set("when at attained achieved reached obtained occurring occurs taken");

    /// <summary>Words of a clause that introduces names.</summary>
    private static readonly FrozenSet<string> Introducing = Set(
        "all any every each some arbitrary fixed given positive nonnegative non-negative nonzero non-zero "
            + "real complex rational integer integers whole natural number "
            + "numbers constant constants const value values parameter parameters function functions polynomial polynomials "
            + "is are denotes denote be being can a an the of in for where with reals variable variables choice scalar"
    );

    public static void Trim(List<LatexToken> tokens)
    {
        int at = Start(tokens);
        if (at <= 0)
        {
            return;
        }

        int end = tokens.Count;
        bool isBracketed = tokens[at - 1].Is('(') && tokens[^1].Is(')') && Depth(tokens, at, end - 1) == 0;
        end -= isBracketed ? 1 : 0;
        if (Introduces(tokens, at, end) || (Locates(tokens, at, end) && !HasNames(tokens, at)))
        {
            int from = isBracketed ? at - 1 : at;
            while (from > 0 && (tokens[from - 1].Is(',') || tokens[from - 1].Is(';')))
            {
                from--;
            }

            if (from > 0)
            {
                List<LatexToken> constants = Constants(tokens, at, end);
                tokens.RemoveRange(from, tokens.Count - from);
                tokens.AddRange(constants);
            }
        }
    }

    /// <summary>", C ∈ ℝ" for a clause that declares C a constant: its letter is a bound name.</summary>
    private static List<LatexToken> Constants(List<LatexToken> tokens, int from, int to)
    {
        List<LatexToken> clause = tokens[from..to];
        HashSet<string> used = [.. tokens.Take(from).Where(t => t.Kind == TokenKind.Letter).Select(t => t.Text)];
        LatexToken[] letters = [.. clause.Where(t => t.Kind == TokenKind.Letter && used.Contains(t.Text))];
        bool declares = clause.Exists(t => t.Kind == TokenKind.Word && t.Text.Contains("const", StringComparison.OrdinalIgnoreCase));
        if (!declares || letters.Length == 0 || clause.Exists(t => t.Is('∈') || t.Is('_')))
        {
            return [];
        }

        return
        [
            .. letters.SelectMany(l => new[] { new LatexToken(TokenKind.Sign, ","), l }),
            new LatexToken(TokenKind.Sign, "∈"),
            new LatexToken(TokenKind.Command, "mathbbR"),
        ];
    }

    /// <summary>The first word outside of brackets that opens a clause.</summary>
    private static int Start(List<LatexToken> tokens)
    {
        int depth = 0;
        for (int at = 0; at < tokens.Count; at++)
        {
            LatexToken token = tokens[at];
            if (token.Kind == TokenKind.Sign)
            {
                depth += token.Text[0] is '(' or '[' or '{' or '⦃' ? 1 : 0;
                depth -= token.Text[0] is ')' or ']' or '}' or '⦄' ? 1 : 0;
            }

            bool isOpener = IsOpener(token);
            if (isOpener && at > 0 && (depth == 0 || (depth == 1 && tokens[at - 1].Is('('))))
            {
                return at;
            }
        }

        return -1;
    }

    private static int Depth(List<LatexToken> tokens, int from, int to)
    {
        int depth = 0;
        for (int at = from; at < to; at++)
        {
            depth += tokens[at].Is('(') ? 1 : 0;
            depth -= tokens[at].Is(')') ? 1 : 0;
        }

        return depth;
    }

    private static bool IsOpener(LatexToken token) =>
        token.Kind switch
        {
            TokenKind.Word => FirstWord(token.Text) is var word && (Quantifying.Contains(word) || Locating.Contains(word)),
            TokenKind.Command => token.Text == "forall",
            _ => false,
        };

    private static string FirstWord(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return (space < 0 ? text : text[..space]).ToLowerInvariant();
    }

    private static bool Introduces(List<LatexToken> tokens, int from, int to)
    {
        if (tokens[from].Kind == TokenKind.Word && !Quantifying.Contains(FirstWord(tokens[from].Text)))
        {
            return false;
        }

        bool names = false;
        for (int at = from; at < to; at++)
        {
            LatexToken token = tokens[at];
            bool known = token.Kind switch
            {
                TokenKind.Word => token.Text.ToLowerInvariant().Split(' ', '.').All(w => w.Length == 0 || Introducing.Contains(w)),
                TokenKind.Letter => true,
                TokenKind.Command => token.Text == "forall"
                    || token.Text.StartsWith("mathbb", StringComparison.Ordinal)
                    || IsGreek(token.Text),
                TokenKind.Number => at > from && (tokens[at - 1].Is('_') || (tokens[at - 1].Is('{') && tokens[at - 2].Is('_'))),
                TokenKind.Sign => token.Text[0] is ',' or '∈' or '∧' or '_' or '^' or '{' or '}' or '*' or '+' or '.' or ':',
                _ => false,
            };
            if (!known)
            {
                return false;
            }

            names |= token.Kind is TokenKind.Letter or TokenKind.Command;
        }

        return names || to - from > 1 || tokens[from].Text.Contains(' ', StringComparison.Ordinal);
    }

    private static bool IsGreek(string command) => command.Length > 1 && command[1..].All(c => char.IsAsciiLetterLower(c));

    /// <summary>"when x = 2": a relation, and no second value or clause.</summary>
    private static bool Locates(List<LatexToken> tokens, int from, int to)
    {
        bool hasRelation = false;
        for (int at = from; at < to; at++)
        {
            LatexToken token = tokens[at];
            hasRelation |= token.Is('=');
            if (
                token.Is('∨')
                || token.Is(';')
                || (
                    at > from
                    && token.Kind == TokenKind.Word
                    && FirstWord(token.Text) is "if" or "when" or "otherwise" or "and" or "or" or "but"
                )
                || (token.Kind == TokenKind.Word && Units.AreBound(token.Text))
                || (token.Is(',') && at + 1 < to && tokens[at + 1].Kind == TokenKind.Number)
            )
            {
                return false;
            }
        }

        return hasRelation && Locating.Contains(FirstWord(tokens[from].Text));
    }

    private static bool HasNames(List<LatexToken> tokens, int to) =>
        tokens.Take(to).Any(t => t.Kind == TokenKind.Letter && t.Text is not ("e" or "i"));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
