using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Extraction;

/// <summary>A value that words or signs continue to a calculation: its result counts, and never one of its operands.</summary>
internal sealed partial class AnswerFinder
{
    /// <summary>The value if it stands alone, else the result that the clause names, the calculation, or the clause.</summary>
    private static Extracted Calculated(string text, Extracted value, int from, int end)
    {
        if (Calculations.End(text, value.Place.End, end) is not { } found)
        {
            return Signed(text, value, from);
        }

        int start = value.Place.Start;
        if (Calculations.Result(text, found.End, end) is { } at && Read(text, at.Start, end, false).Kind == ClauseKind.Names)
        {
            if (!at.IsAlternative && Named(text, at.Start, Math.Min(end, at.Start + MaxAnswerLength)) is { } result)
            {
                return result;
            }

            string both = text[start..end];
            return Formula(both, found.End) ?? Raw(text, start, end);
        }

        return (found.IsOpen ? null : Formula(text[start..found.End], found.End)) ?? Raw(text, start, end);
    }

    /// <summary>The calculation whose last operand is this value, if it is one: it is open if it cannot be read.</summary>
    private static Extracted Operand(string text, Extracted value, int start, int end)
    {
        (int Start, bool IsOpen)? earlier = Calculations.Start(text, start, value.Place.Start);
        (int End, bool IsOpen)? found = Calculations.End(text, value.Place.End, end);
        if (earlier is null && found is null)
        {
            return Signed(text, value, start);
        }

        (int from, int to) = (earlier?.Start ?? value.Place.Start, found?.End ?? value.Place.End);
        bool isOpen = earlier is { IsOpen: true } || found is { IsOpen: true };
        return ((isOpen ? null : Formula(text[from..to], to)) ?? value with { IsOpen = true }) with { Place = (from, to) };
    }

    private static Extracted Signed(string text, Extracted value, int start) =>
        Calculations.AreNegative(text, start, value.Place.Start) ? value with { Text = $"-({value.Text})", Parsed = null } : value;

    private static Extracted? Formula(string text, int end)
    {
        string formula = Cleaned(text, 0, text.Length);
        return
            formula.Length <= MaxAnswerLength
            && !Answers.HasWordsBesideFormulas(formula)
            && Answers.Read(formula, NumberReading.Grouped, !formula.StartsWith('$')) is { } node
            && !node.Any(n => n is WordNode)
            ? new(formula, !formula.StartsWith('$'), end) { Parsed = node }
            : null;
    }
}
