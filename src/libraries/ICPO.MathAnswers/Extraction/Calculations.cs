using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Finds how words or signs continue a value to a calculation: an operator and a second operand ("3 plus 4", "5 apples plus 3 oranges",
/// 3加4), or a word behind it ("3 squared", "3 and a half", 3万).
/// </summary>
internal static partial class Calculations
{
    private const int MaxOperands = 12;

    private static readonly SearchValues<char> LastSigns = SearchValues.Create("+×÷·加上减去乘以除比又点余的之");

    /// <summary>The last words of operators and functions.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LastWords =
        "plus minus times by to over mod modulo choose root less of the power base point remainder every per x sin cos cot csc"
            .Split(' ')
            .Concat("arcsin arccos arccot arccsc ln lg sqrt log tan sec exp".Split(' '))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The end of the calculation that starts with the value before <paramref name="at"/>, open if an operand is missing or has a unit;
    /// null if the value stands alone.
    /// </summary>
    public static (int End, bool IsOpen)? End(string text, int at, int end)
    {
        int reached = at;
        bool isOpen = false;
        for (int operands = 0; operands < MaxOperands && reached < end; operands++)
        {
            if (Next().Match(text, reached, end - reached) is not { Success: true } next || IsPart(text, next))
            {
                break;
            }

            reached = next.Index + next.Length;
            isOpen |= next.Groups["open"].Success || next.Groups["unit"].Length > 0;
        }

        return reached == at ? null : (reached, isOpen);
    }

    /// <summary>
    /// The start of the calculation whose last operand is at <paramref name="at"/>, open if an operand cannot be read; null if the value
    /// stands alone.
    /// </summary>
    public static (int Start, bool IsOpen)? Start(string text, int from, int at)
    {
        int reached = at;
        bool isOpen = false;
        for (int operands = 0; operands < MaxOperands && EndsInOperator(text, from, reached); operands++)
        {
            Match earlier = Earlier().Match(text, from, reached - from);
            if (!earlier.Success || IsPart(text, earlier))
            {
                if (Function().Match(text, from, reached - from) is { Success: true } function)
                {
                    reached = function.Index;
                    break;
                }

                isOpen |= IsSum(text, from, reached) || (earlier.Success && IsRadix(text, from, earlier.Index));
                break;
            }

            reached = earlier.Index;
            isOpen |= earlier.Groups["unit"].Length > 0;
        }

        return reached == at && !isOpen ? null : (reached, isOpen);
    }

    /// <summary>"negative 4", "minus 4": the word is the value's sign.</summary>
    public static bool AreNegative(string text, int from, int at)
    {
        if (at - from < 6 || text[at - 1] is not (' ' or '$'))
        {
            return false;
        }

        ReadOnlySpan<char> before = text.AsSpan(from, at - from).TrimEnd(" $");
        int length = before.EndsWith("negative", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        length = before.EndsWith("minus", StringComparison.OrdinalIgnoreCase) ? 5 : length;
        return length > 0 && !(before.Length > length && char.IsAsciiLetter(before[^(length + 1)]));
    }

    /// <summary>"3 of 4": "of" multiplies behind a percent sign only.</summary>
    private static bool IsPart(string text, Match match) =>
        match.Groups["of"] is { Success: true } of && !text.AsSpan(0, of.Index).TrimEnd(" $)\\").EndsWith("%");

    /// <summary>"log base 2 of 4".</summary>
    private static bool IsRadix(string text, int from, int at) =>
        text.AsSpan(from, at - from).TrimEnd(" $").EndsWith("base", StringComparison.OrdinalIgnoreCase);

    /// <summary>"2x + 4": a sign behind an operand.</summary>
    private static bool IsSum(string text, int from, int at)
    {
        ReadOnlySpan<char> before = text.AsSpan(from, at - from).TrimEnd(" $(\\");
        return before.EndsWith(" plus", StringComparison.Ordinal)
            || before is [.., '+' or '×' or '÷' or '·']
                && before[..^1].TrimEnd() is [.., var last]
                && (char.IsAsciiLetterOrDigit(last) || last is ')' or '}' or '$' or ']');
    }

    /// <summary>Where the value that a calculation comes to starts: "which is 7", "= 7", "or 7"; null if none is named.</summary>
    public static (int Start, bool IsAlternative)? Result(string text, int at, int end) =>
        Mark().Match(text, at, end - at) is { Success: true } mark ? (mark.Index + mark.Length, mark.Groups["or"].Success) : null;

    /// <summary>Most values have no operator before them: its last word or sign decides without a pattern.</summary>
    private static bool EndsInOperator(string text, int from, int at)
    {
        while (at > from && text[at - 1] is ' ' or '$' or '(' or '\\')
        {
            at--;
        }

        int start = at;
        while (start > from && char.IsAsciiLetter(text[start - 1]))
        {
            start--;
        }

        return start == at ? at > from && LastSigns.Contains(text[at - 1]) : LastWords.Contains(text.AsSpan(start, at - start));
    }
}
