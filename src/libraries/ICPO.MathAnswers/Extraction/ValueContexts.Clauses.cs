namespace ICPO.MathAnswers.Extraction;

/// <summary>The start of the sentence, and the text after the value.</summary>
internal static partial class ValueContexts
{
    /// <summary>"Maybe it is 4", "suppose x = 4", "it is possible that x is 4", "I do not think that x is 4".</summary>
    private static bool IsOpenedByDoubt(List<Piece> pieces)
    {
        if (
            Openings.Contains(Word(pieces, 0))
            && !Word(pieces, 1).EndsWith("ly", StringComparison.Ordinal)
            && !pieces.Exists(p => p.Kind is PieceKind.Comma or PieceKind.Value || p.Text is "then" or "but" or "so")
        )
        {
            return true;
        }

        for (int at = 1; at < pieces.Count; at++)
        {
            string word = pieces[at].Text,
                before = Word(pieces, at - 1);
            bool isDoubt =
                word is "doubt" && before != "no"
                || (word == "that" && Likely.Contains(before))
                || (Sure.Contains(word) && (IsNegation(before) || (before == "the" && IsNegation(Word(pieces, at - 2)))));
            if (isDoubt && !pieces.Skip(at).Any(p => p.Kind is PieceKind.Comma or PieceKind.Value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"4 or more", "4 at most", "4 is not possible", "4 does not work", "4+".</summary>
    private static bool IsOpenAfter(List<Piece> pieces, string after)
    {
        if (
            after is ['+'] or ['+', ' ' or '.' or ',' or '$', ..]
            || (pieces.Count == 1 && pieces[0].Text is "maximum" or "minimum" or "max" or "min" or "tops")
        )
        {
            return true;
        }

        for (int at = 0; at < Math.Min(pieces.Count, 4); at++)
        {
            (string word, string next, string third) = (pieces[at].Text, Word(pieces, at + 1), Word(pieces, at + 2));
            if (
                (word is "or" or "and" && Comparatives.Contains(next))
                || (word == "at" && next is "most" or "least" or "best" or "worst" or "the")
                || (
                    word is "is" or "are" or "was"
                    && next is "wrong" or "incorrect" or "impossible" or "invalid" or "false" or "too" or "excluded"
                )
                || (word == "would" && next == "be" && third is "too" or "wrong")
                || (word is "is" or "are" or "was" && next == "not" && IsVerdict(third))
                || (word is "isn't" or "isn’t" or "aren't" or "aren’t" && IsVerdict(next))
                || (word is "does" or "do" or "did" or "can" && next == "not" && IsFit(third))
                || (word is "doesn't" or "doesn’t" or "don't" or "don’t" or "can't" or "can’t" or "cannot" && IsFit(next))
            )
            {
                return word != "at" || next != "the" || third is "most" or "least" or "very";
            }

            if (pieces[at].Kind != PieceKind.Word)
            {
                break;
            }
        }

        return false;
    }

    private static bool IsVerdict(string word) =>
        word
            is "possible"
                or "allowed"
                or "valid"
                or "correct"
                or "right"
                or "true"
                or "acceptable"
                or "the"
                or "a"
                or "an"
                or "it"
                or "one";

    private static bool IsFit(string word) =>
        word is "work" or "fit" or "satisfy" or "hold" or "apply" or "qualify" or "match" or "be" or "divide" or "suffice";
}
