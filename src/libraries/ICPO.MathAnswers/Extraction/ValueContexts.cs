using System.Collections.Frozen;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Reads the text directly next to the last value of an English text without an answer phrase: a denial, a bound, a doubt or another value
/// applies to it only across articles and similar words ("is not equal to 4", but not "who did not pass is 4").
/// </summary>
internal static partial class ValueContexts
{
    private static readonly FrozenSet<string> Fillers = Set(
            "the a an exactly only just precisely even simply also equal equals to be been being number value some very quite well "
                + "actually really still necessarily directly another any ( *"
        ),
        Negations = Set("not never cannot neither nor hardly unlikely impossible except excluding besides without unlike"),
        Openings = Set("suppose supposing assume assuming imagine if whether unless maybe perhaps possibly probably presumably"),
        Likely = Set("possible likely probable plausible conceivable unlikely doubtful"),
        Sure = Set("true case certain sure correct think believe clear"),
        Copulas = Set("is are was were be it's that's being stays remains"),
        Around = Set("over under above below beyond past within outside between"),
        Multiples = Set(
            "multiple multiples divisor divisors half third quarter square cube root reciprocal opposite negative log logarithm factorial"
        ),
        Comparatives = Set(
            "more less fewer above below over under up greater higher larger smaller lower beyond older upward upwards not none"
        );

    /// <param name="before">The sentence up to the value.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="after">The rest of the sentence, with the sign that ends it.</param>
    /// <param name="inSeries">True before a value of a list that "and" or "or" ends: commas separate its items.</param>
    public static ValueContext Read(string before, string value, string after, bool inSeries)
    {
        List<Piece> left = Pieces.Of(before, marks: true),
            right = Pieces.Of(after, marks: true);
        int first = left.Count;
        List<Piece> all = [.. left, new(PieceKind.Value, value), .. right];
        if (
            before.EndsWith("..", StringComparison.Ordinal)
            || after.EndsWith('?')
            || after.EndsWith('？')
            || IsOpenedByDoubt(left)
            || Hedges.AreIn(all, first)
            || IsOpenAfter(right, after)
        )
        {
            return ValueContext.Open;
        }

        for (int at = left.Count - 1; at >= 0; at--)
        {
            string word = left[at].Text;
            if (IsDenial(left, at) || IsBound(left, at) || IsRange(left, at))
            {
                return ValueContext.Open;
            }

            if (Joint(left, at, inSeries) is { } joint)
            {
                return joint;
            }

            bool isNegatedEquation = word == "=" && at > 0 && IsNegation(left[at - 1].Text); // "is not = 4"
            if (!Fillers.Contains(word) && !isNegatedEquation && !HedgeWords.Approximations.Contains(word) && word is not ("~" or "≈"))
            {
                break;
            }
        }

        return ValueContext.Names;
    }

    private static bool IsDenial(List<Piece> pieces, int at)
    {
        (string word, string before) = (pieces[at].Text, Text(pieces, at - 1));
        return word switch
        {
            "≠" => true,
            "=" => before == "!",
            "than" => before is "other" or "rather" or "different" && Word(pieces, at - 2) is not ("no" or "none" or "nothing"),
            "of" => before == "instead",
            "from" => before is "different" or "differs" or "distinct",
            "but" => before is "anything" or "everything" or "all" or "any" or "anywhere",
            "longer" => before == "no",
            "fail" or "fails" or "failed" => Word(pieces, at + 1) == "to",
            _ => IsNegation(word),
        };
    }

    private static bool IsNegation(string word) =>
        Negations.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal) || word.EndsWith("n’t", StringComparison.Ordinal);

    private static bool IsBound(List<Piece> pieces, int at)
    {
        (PieceKind kind, string word, string before) = (pieces[at].Kind, pieces[at].Text, Text(pieces, at - 1));
        if (kind == PieceKind.Bound)
        {
            return true;
        }

        return word switch
        {
            "=" => at > 0 && pieces[at - 1].Kind == PieceKind.Bound,
            "than" => before != "other",
            "exceed" or "exceeds" or "exceeding" or "exceeded" or "twice" or "thrice" or "double" or "triple" => true,
            "to" => before == "up"
                && !pieces.Take(at).Any(p => p.Text.StartsWith("round", StringComparison.Ordinal))
                && !IsSum(pieces, at - 2),
            "by" => before is "divisible" or "divided" or "multiplied",
            "of" => Multiples.Contains(before),
            "least" or "most" or "best" or "worst" or "maximum" or "minimum" => IsAt(pieces, at - 1),
            "+" or "-" or "–" or "—" or "−" or "*" or "×" or "·" or "÷" => IsOperator(pieces, at),
            _ => Around.Contains(word) && IsAfterCopula(pieces, at - 1),
        };
    }

    /// <summary>"adds up to 4", "comes up to 4".</summary>
    private static bool IsSum(List<Piece> pieces, int at) =>
        Word(pieces, at) is var verb
        && (verb is "add" or "adds" or "adding" or "sum" or "sums" or "comes" or "works" or "amounts" or "goes");

    private static bool IsAt(List<Piece> pieces, int at)
    {
        while (Word(pieces, at) is "the" or "very" or "absolute")
        {
            at--;
        }

        return Word(pieces, at) == "at";
    }

    /// <summary>"is over 4", "is well above 4".</summary>
    private static bool IsAfterCopula(List<Piece> pieces, int at)
    {
        while (Word(pieces, at) is "well" or "just" or "always" or "slightly" or "strictly" or "somewhere" or "far" or "a" or "bit")
        {
            at--;
        }

        return Copulas.Contains(Word(pieces, at)) || Word(pieces, at) is "lies" or "lie" or "falls" or "must";
    }

    /// <summary>"10 - 4", "$3$ + $4$": a calculation that is not evaluated, or a range; not the sign of a list item.</summary>
    private static bool IsOperator(List<Piece> pieces, int at) =>
        at > 0 && pieces[at - 1].Kind == PieceKind.Value && !(at > 1 && pieces[at - 2].Text is "step" or "part" or "case" or "problem");

    /// <summary>"between 3 and 4", "from 3 to 4", "is 3 to 4"; "rises from 3 to 4" gives 4.</summary>
    private static bool IsRange(List<Piece> pieces, int at)
    {
        string word = pieces[at].Text;
        if (at < 1 || pieces[at - 1].Kind != PieceKind.Value)
        {
            return false;
        }

        string opening = Text(pieces, at - 2);
        return word switch
        {
            "and" => opening == "between" || (opening is "=" or "than" && pieces.Take(at).Any(p => p.Text == "between")),
            "to" => opening is "is" or "are" or "range" or "ranges" || (opening == "from" && !IsChange(Word(pieces, at - 3))),
            "through" or "thru" or "until" or "till" => true,
            _ => false,
        };
    }

    private static bool IsChange(string word) =>
        word is not ("is" or "was" or "ranges" or "goes" or "runs" or "varies" or "lies")
        && (
            word.EndsWith('s')
            || word.EndsWith("ed", StringComparison.Ordinal)
            || word is "go" or "went" or "rise" or "fall" or "drop" or "grew" or "fell" or "down" or "up"
        );

    /// <summary>The other value of "3 or 4", "3, 4 and 5", "x = 3 or x = 4"; null if there is none.</summary>
    private static ValueContext? Joint(List<Piece> pieces, int at, bool inSeries)
    {
        string word = pieces[at].Text;
        int earlier = at - 1;
        if (word == "=")
        {
            // "x = 3 or x = 4"
            return
                at > 2
                && pieces[at - 1] is { Kind: PieceKind.Word, Text.Length: 1 } name
                && pieces[at - 2].Text is "or" or "and" or ","
                && pieces.Take(at - 2).Any(p => p.Kind == PieceKind.Word && p.Text == name.Text)
                ? Joint(pieces, at - 2, inSeries)
                : null;
        }

        bool isComma = earlier >= 0 && pieces[earlier].Kind == PieceKind.Comma;
        earlier -= isComma ? 1 : 0;
        int words = 0;
        while (word is "or" or "nor" or "vs" or "versus" && words < 3 && earlier >= 0 && pieces[earlier].Kind == PieceKind.Word)
        {
            (earlier, words) = (earlier - 1, words + 1);
        }

        if (word == "or" && pieces.Take(at).Any(p => p.Text == "either") && !IsValue(pieces, earlier))
        {
            return ValueContext.Open; // "either undefined or 4"
        }

        bool joins =
            word is "and" or "or" or "nor" or "vs" or "versus" or "/" or "|" or "&" || (inSeries && pieces[at].Kind == PieceKind.Comma);
        if (!joins || !IsValue(pieces, earlier) || (isComma && words > 0))
        {
            return null;
        }

        return new(word == "/" ? ContextKind.Divides : ContextKind.Joined, pieces[earlier + 1].At);
    }

    private static bool IsValue(List<Piece> pieces, int at) => at >= 0 && pieces[at].Kind == PieceKind.Value;

    private static string Text(List<Piece> pieces, int at) => at >= 0 && at < pieces.Count ? pieces[at].Text : "";

    private static string Word(List<Piece> pieces, int at) =>
        at >= 0 && at < pieces.Count && pieces[at].Kind == PieceKind.Word ? pieces[at].Text : "";

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
