using System.Buffers;

namespace ICPO.MathAnswers.Extraction;

internal enum PieceKind
{
    Word,

    /// <summary>A formula, or characters without a space that contain a digit or a command.</summary>
    Value,

    /// <summary>A comma or semicolon, or a bar between spaces.</summary>
    Comma,

    /// <summary>A sign of an inequality outside of a formula, or a plus behind a value.</summary>
    Bound,

    /// <summary>Another sign (=, :, /, ≠, a bracket), where those are asked for.</summary>
    Mark,
}

/// <param name="Kind">What the characters are.</param>
/// <param name="Text">A word in lower case, a value without its math delimiters.</param>
/// <param name="At">Its index in the clause.</param>
internal readonly record struct Piece(PieceKind Kind, string Text, int At = 0);

/// <summary>Splits a clause into words and values.</summary>
internal static class Pieces
{
    private const int MaxPieces = 120;

    private static readonly SearchValues<char> Marks = SearchValues.Create("=:/|()≠≈~～!+-–—−*×·÷&");

    /// <param name="clause">The text.</param>
    /// <param name="marks">Signs other than commas and bounds are pieces too.</param>
    public static List<Piece> Of(string clause, bool marks = false)
    {
        List<FormulaSpan> formulas = FormulaSpans.Find(clause);
        List<Piece> pieces = [];
        int formula = 0;
        for (int at = 0; at < clause.Length && pieces.Count < MaxPieces; )
        {
            char c = clause[at];
            if (formula < formulas.Count && at >= formulas[formula].Start)
            {
                FormulaSpan span = formulas[formula++];
                pieces.Add(new(PieceKind.Value, clause[span.ContentStart..span.ContentEnd].Trim(), at));
                at = span.End;
            }
            else if (char.IsAsciiLetter(c))
            {
                int end = End(clause, at, IsOfWord);
                pieces.Add(new(PieceKind.Word, clause[at..end].ToLowerInvariant(), at));
                at = end;
            }
            else if (StartsValue(clause, at))
            {
                int end = ValueEnd(clause, at + 1);
                pieces.Add(new(PieceKind.Value, clause[at..end].TrimEnd('.', ':', ')', '*', '"', '?', '!'), at));
                at = end;
            }
            else
            {
                bool isBar = !marks && c == '|' && at > 0 && clause[at - 1] == ' ' && at + 1 < clause.Length && clause[at + 1] == ' ';
                if (c is ',' or ';' or '、' || isBar)
                {
                    pieces.Add(new(PieceKind.Comma, ",", at));
                }
                else if (c is '<' or '>' or '≤' or '≥' || (c == '+' && at > 0 && char.IsAsciiDigit(clause[at - 1])))
                {
                    pieces.Add(new(PieceKind.Bound, c.ToString(), at));
                }
                else if (marks && Marks.Contains(c))
                {
                    pieces.Add(new(PieceKind.Mark, c.ToString(), at));
                }

                at++;
            }
        }

        return pieces;
    }

    private static bool StartsValue(string text, int at) =>
        char.IsAsciiDigit(text[at])
        || text[at] == '\\'
        || (text[at] is '-' or '+' or '.' or '√' or '−' or '(' or '[' or '$' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
        || (text[at] is '-' or '−' && at + 1 < text.Length && text[at + 1] is '\\' or '√');

    private static int ValueEnd(string text, int at)
    {
        while (at < text.Length && IsOfValue(text, at))
        {
            at++;
        }

        return at;
    }

    private static bool IsOfValue(string text, int at) =>
        text[at] switch
        {
            ' ' or '\t' or '\n' or '\r' or ';' or '<' or '>' or '、' => false,
            ',' => at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]),
            '+' => at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]),
            '$' => false,
            _ => text[at] < '\u2e80', // Chinese follows a value without a space.
        };

    private static bool IsOfWord(char c) => char.IsAsciiLetter(c) || c is '\'' or '’';

    private static int End(string text, int at, Func<char, bool> belongs)
    {
        while (at < text.Length && belongs(text[at]))
        {
            at++;
        }

        return at;
    }
}
