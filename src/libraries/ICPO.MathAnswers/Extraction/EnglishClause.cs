using System.Buffers;
using System.Collections.Frozen;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Reads an English clause by its function words: negation before the value, a preposition or "than" that takes the value as its
/// complement, "at" with a superlative, and words that coordinate further values with the first one.
/// </summary>
internal static class EnglishClause
{
    private static readonly FrozenSet<string> Negations = Set("not never no none neither nor nothing cannot hardly unlikely impossible");

    /// <summary>The value after these is not what the verb gives.</summary>
    private static readonly FrozenSet<string> Prepositions = Set(
        "than from over under above below beyond between among amongst within past outside inside until till exceed exceeds exceeding "
            + "exceeded excluding except without against toward towards"
    );

    private static readonly FrozenSet<string> Comparatives = Set(
        "more less fewer above below over under up down beyond upward upwards onward onwards"
    );

    /// <summary>Words that start another clause.</summary>
    private static readonly FrozenSet<string> Subordinators = Set(
        "which because since where when as so while thus hence therefore giving whose who that if although though for rather instead not "
            + "after before"
    );

    private static readonly FrozenSet<string> Determiners = Set(
        "the a an exactly about approximately roughly just only precisely even possibly maybe perhaps simply equivalently also"
    );

    /// <summary>"a multiple of 4", "twice 4", "divisible by 4": what is said about the value is the answer, not the value.</summary>
    private static readonly FrozenSet<string> Relations = Set(
            "multiple multiples square cube half third quarter double triple factor factors divisor divisors power root reciprocal "
                + "opposite inverse negative logarithm"
        ),
        Factors = Set("twice thrice double triple half"),
        Operations = Set("divisible divided multiplied increased decreased reduced");

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,");

    public static ClauseReading Read(List<Piece> pieces)
    {
        int first = pieces.FindIndex(p => p.Kind == PieceKind.Value);
        if (first < 0)
        {
            bool denies = pieces.Exists(p => p.Text is "not" or "never" or "cannot" || IsContraction(p.Text));
            return denies ? new(ClauseKind.Denies, []) : ClauseReading.Names;
        }

        return IsRange(pieces[first].Text) ? ClauseReading.Bounds : Before(pieces, first) ?? After(pieces, first);
    }

    private static ClauseReading? Before(List<Piece> pieces, int first)
    {
        bool negated = false,
            several = false;
        for (int i = 0; i < first; i++)
        {
            string word = pieces[i].Text;
            negated |= (Negations.Contains(word) && !(word == "no" && Word(pieces, i + 1) == "doubt")) || IsContraction(word);
            negated |= word == "used" && Word(pieces, i + 1) == "to";
            negated |= word is "fails" or "fail" or "failed" or "refuses" && Word(pieces, i + 1) == "to";
            several |= word is "either" or "both" || (word == "of" && i > 0 && pieces[i - 1].Text is "one" or "any" or "either" or "some");
            if (
                word == "than"
                || (word == "at" && IsSuperlativeAfter(pieces, i))
                || (word is "minimum" or "maximum" or "min" or "max" && Word(pieces, i + 1) == "of" && i + 2 == first)
                || (
                    word == "up"
                    && Word(pieces, i + 1) == "to"
                    && !(i > 0 && pieces[i - 1].Text is "adds" or "sums" or "comes" or "works" or "amounts")
                )
                || pieces[i].Kind == PieceKind.Bound
                || IsRelation(pieces, i, first)
            )
            {
                return ClauseReading.Bounds;
            }
        }

        int last = first - 1;
        while (last >= 0 && Determiners.Contains(pieces[last].Text))
        {
            last--;
        }

        if (last >= 0 && pieces[last].Text is "but" or "besides")
        {
            negated = true;
        }
        else if (last >= 0 && Prepositions.Contains(pieces[last].Text))
        {
            return ClauseReading.Bounds;
        }

        if (negated)
        {
            return new(ClauseKind.Denies, [.. pieces.Skip(first).Where(p => p.Kind == PieceKind.Value).Select(p => p.Text)]);
        }

        if (several && Values(pieces, first, pieces.Count) is { Count: > 1 } values)
        {
            return new(ClauseKind.Lists, [.. values]);
        }

        bool isEither = pieces.Take(first).Any(p => p.Text == "either") && pieces.Skip(first).Any(p => p.Text == "or");
        return isEither ? ClauseReading.Bounds : null; // "either 4 or undefined"
    }

    private static ClauseReading After(List<Piece> pieces, int first)
    {
        bool lists = false;
        int end = first + 1;
        for (; end < pieces.Count; end++)
        {
            (PieceKind kind, string word, string next) = (pieces[end].Kind, pieces[end].Text, Word(pieces, end + 1));
            bool valueFollows = IsValueAfter(pieces, end);
            if (word is "is" or "was" or "seems" && (Negations.Contains(next) || IsError(next)))
            {
                return new(ClauseKind.Denies, [pieces[first].Text]);
            }

            if (IsRetraction(pieces, end))
            {
                return new(ClauseKind.Denies, [pieces[first].Text]);
            }

            if (
                (word is "or" or "and" && (Comparatives.Contains(next) || IsComparative(next)))
                || (word == "at" && IsSuperlativeAfter(pieces, end))
                || word == "unless"
                || (word is "less" or "more" or "fewer" or "greater" or "larger" or "smaller" && next == "than" && end == first + 1)
                || (word == "times" && next is "as" or "the" or "that" or "larger" or "greater" or "more")
                || (word is "plus" or "minus" && next.Length > 0)
                || (word is "to" or "through" or "thru" or "until" or "till" && valueFollows)
                || (word is "maximum" or "minimum" or "max" or "tops" && end + 1 == pieces.Count)
                || (kind == PieceKind.Bound && end + 1 == pieces.Count)
            )
            {
                return ClauseReading.Bounds;
            }

            if (word is "or" or "nor" && next is "not" or "none" or "neither")
            {
                return new(ClauseKind.Denies, [pieces[first].Text]);
            }

            bool joins =
                word is "or" or "nor" or "versus" or "vs" or "alternatively" or "maybe" or "perhaps" or "possibly" or "otherwise" or "else"
                && IsValueBefore(pieces, end);
            joins |= word == "and" && valueFollows;
            joins |= word is "could" or "might" or "may" && next is "also" or "be" && IsValueBefore(pieces, end + 1);
            bool restates = pieces[end - 1].Text is "e" or "namely"; // "i.e., 4"
            joins |= kind == PieceKind.Comma && valueFollows && !restates && IsLast(pieces, end + 1);
            lists |= joins;
            if (word is "if" or "when" && pieces.Skip(end + 1).Any(p => p.Text is "otherwise" or "else" or "if" or "when"))
            {
                return ClauseReading.Bounds; // A distinction of cases.
            }

            if (!joins && kind == PieceKind.Word && Subordinators.Contains(word))
            {
                break;
            }
        }

        return lists && Values(pieces, first, end) is { Count: > 1 } values ? new(ClauseKind.Lists, [.. values]) : ClauseReading.Names;
    }

    /// <summary>"4, which is wrong", "4, but that is not correct".</summary>
    private static bool IsRetraction(List<Piece> pieces, int at) =>
        pieces[at].Text is "which" or "that" or "this" or "it"
        && Word(pieces, at + 1) is "is" or "was" or "seems"
        && (
            IsError(Word(pieces, at + 2))
            || (
                Word(pieces, at + 2) == "not"
                && Word(pieces, at + 3) is "right" or "correct" or "possible" or "valid" or "true" or "allowed"
            )
        );

    private static bool IsError(string word) => word is "wrong" or "incorrect" or "false" or "invalid" or "impossible";

    /// <summary>True if a value comes before the next clause.</summary>
    private static bool IsValueBefore(List<Piece> pieces, int from) =>
        pieces.Skip(from).TakeWhile(p => !Subordinators.Contains(p.Text)).Any(p => p.Kind == PieceKind.Value);

    private static List<string> Values(List<Piece> pieces, int from, int to) =>
        [.. pieces.Take(to).Skip(from).Where(p => p.Kind == PieceKind.Value).Select(p => p.Text)];

    private static bool IsLast(List<Piece> pieces, int at) =>
        pieces.Skip(at + 1).All(p => p.Kind is PieceKind.Value or PieceKind.Comma || p.Text is "or" or "and");

    private static bool IsValueAfter(List<Piece> pieces, int at)
    {
        at++;
        while (at < pieces.Count && Determiners.Contains(pieces[at].Text))
        {
            at++;
        }

        return at < pieces.Count && pieces[at].Kind == PieceKind.Value;
    }

    private static string Word(List<Piece> pieces, int at) => at < pieces.Count && pieces[at].Kind == PieceKind.Word ? pieces[at].Text : "";

    private static bool IsContraction(string word) =>
        word.EndsWith("n't", StringComparison.Ordinal) || word.EndsWith("n’t", StringComparison.Ordinal);

    private static bool IsSuperlative(string word) =>
        word is "least" or "most" or "best" or "worst" or "minimum" or "maximum"
        || (word.Length > 4 && word.EndsWith("est", StringComparison.Ordinal) && word is not ("interest" or "request"));

    private static bool IsRelation(List<Piece> pieces, int at, int first)
    {
        string word = pieces[at].Text,
            next = Word(pieces, at + 1);
        int complement = at + 2;
        while (complement < first && Determiners.Contains(pieces[complement].Text))
        {
            complement++;
        }

        return (Factors.Contains(word) && at + 1 == first)
            || (complement == first && ((next == "of" && Relations.Contains(word)) || (next == "by" && Operations.Contains(word))));
    }

    /// <summary>"at least", "at the very least".</summary>
    private static bool IsSuperlativeAfter(List<Piece> pieces, int at)
    {
        at++;
        while (Word(pieces, at) is "the" or "very" or "absolute")
        {
            at++;
        }

        return IsSuperlative(Word(pieces, at));
    }

    /// <summary>"in the range 4-7": a number, a dash and a number among words are no difference.</summary>
    private static bool IsRange(string value)
    {
        int dash = value.AsSpan().IndexOfAny('-', '–', '—');
        return value.Contains("..", StringComparison.Ordinal) && char.IsAsciiDigit(value[^1])
            || dash > 0
                && value.AsSpan(0, dash).IndexOfAnyExcept(OfNumbers) < 0
                && dash + 1 < value.Length
                && value.AsSpan(dash + 1).IndexOfAnyExcept(OfNumbers) < 0;
    }

    private static bool IsComparative(string word) =>
        word.Length > 4
        && word.EndsWith("er", StringComparison.Ordinal)
        && word
            is not ("another" or "rather" or "other" or "either" or "neither" or "number" or "after" or "never" or "together" or "whether");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
