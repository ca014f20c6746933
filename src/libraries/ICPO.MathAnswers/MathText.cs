using ICPO.MathAnswers.Extraction;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers;

/// <summary>The text operations of <see cref="MathJudge"/>, for graders that compare something other than mathematics.</summary>
public static class MathText
{
    /// <summary>
    /// The content of the last closed <c>\boxed{…}</c>, and of the boxes directly before it that "and", "or" or a comma joins to it,
    /// separated by ", ". Null if there is none.
    /// </summary>
    public static string? LastBox(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Boxes.Last(text)?.Text;
    }

    /// <summary>
    /// The text after the last closed block of thoughts (<see cref="ThoughtMarks.Default"/>); for a block that is never closed, the text
    /// before it.
    /// </summary>
    public static string SkipThoughts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Thoughts.Default.Skip(text);
    }

    /// <summary>
    /// True if the last answer phrase of a text ("the answer is", 答案) denies a value, or gives a bound, a range or several values.
    /// </summary>
    public static bool LeavesAnswerOpen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AnswerFinder.LeavesOpen(text);
    }

    /// <summary>A comparison key: texts with the same key differ only in spacing, fonts and delimiters.</summary>
    public static string Key(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AnswerText.Key(text);
    }

    /// <summary>The words of a text in lower case, without articles and punctuation, separated by one space.</summary>
    public static string Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AnswerText.Words(text);
    }
}
