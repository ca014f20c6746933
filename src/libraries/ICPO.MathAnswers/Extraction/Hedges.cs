using System.Collections.Frozen;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Detects that an English clause hedges its value: an adverb of doubt, a modal verb of possibility, or an approximation of a whole number.
/// An approximated decimal is a rounded value.
/// </summary>
internal static class Hedges
{
    /// <summary>Words that may stand between a hedge and the value.</summary>
    private static readonly FrozenSet<string> Fillers =
    [
        .. "the a an exactly just only precisely even simply also equal to be is of number value some very quite well".Split(' '),
    ];

    /// <param name="pieces">The clause.</param>
    /// <param name="first">Index of its first value.</param>
    public static bool AreIn(List<Piece> pieces, int first) =>
        first >= 0
        && (pieces[first].Text.EndsWith("ish", StringComparison.OrdinalIgnoreCase) || AreBefore(pieces, first) || AreAfter(pieces, first));

    private static bool AreBefore(List<Piece> pieces, int first)
    {
        bool approximates = false;
        for (int at = first - 1; at >= 0; at--)
        {
            (string word, string before) = (pieces[at].Text, Word(pieces, at - 1));
            if (HedgeWords.Doubts.Contains(word) || (word == "be" && IsPossibility(pieces, at - 1)))
            {
                return true;
            }

            bool isNear = word == "to" && before is "close" or "near" or "closer" or "nearer";
            bool isLike = word == "like" && before is "something" or "somewhere";
            approximates |= isNear || isLike || HedgeWords.Approximations.Contains(word);
            at -= isNear || isLike ? 1 : 0;
            if (!isNear && !isLike && !HedgeWords.Approximations.Contains(word) && !Fillers.Contains(word))
            {
                break;
            }
        }

        return approximates && !IsDecimal(pieces[first].Text);
    }

    /// <summary>"could be", "might also be", "may very well be".</summary>
    private static bool IsPossibility(List<Piece> pieces, int at)
    {
        while (at >= 0 && (Fillers.Contains(pieces[at].Text) || pieces[at].Text.EndsWith("ly", StringComparison.Ordinal)))
        {
            at--;
        }

        return Word(pieces, at) is "could" or "might" or "may" or "can";
    }

    /// <summary>"4 or so", "4, give or take", "4, probably", "4, I think".</summary>
    private static bool AreAfter(List<Piece> pieces, int first)
    {
        for (int at = first + 1; at < pieces.Count; at++)
        {
            (string word, string next, string third) = (Word(pieces, at), Word(pieces, at + 1), Word(pieces, at + 2));
            bool isLast = at + 1 == pieces.Count;
            if (
                (word == "or" && next is "so" or "thereabouts" or "something")
                || (word is "give" && next == "or" && third == "take")
                || (word is "more" && next == "or" && third == "less")
                || (word == "i" && next is "think" or "guess" or "believe" or "suppose" && at + 2 == pieces.Count)
                || (isLast && HedgeWords.Doubts.Contains(word))
                || (isLast && HedgeWords.Approximations.Contains(word) && !IsDecimal(pieces[first].Text))
            )
            {
                return true;
            }

            if (pieces[at].Kind == PieceKind.Value)
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsDecimal(string value) =>
        value.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point
        && point + 1 < value.Length
        && char.IsAsciiDigit(value[point + 1]);

    private static string Word(List<Piece> pieces, int at) =>
        at >= 0 && at < pieces.Count && pieces[at].Kind == PieceKind.Word ? pieces[at].Text : "";
}
