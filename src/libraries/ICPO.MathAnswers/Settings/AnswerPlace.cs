namespace ICPO.MathAnswers.Settings;

/// <summary>A place in a text where its answer can be found.</summary>
public enum AnswerPlace
{
    /// <summary>The last <c>\boxed{…}</c>, and the boxes directly before it that "and", "or" or a comma joins to it.</summary>
    Boxed,

    /// <summary>The line after the last <c>####</c>, unless it is a Markdown heading.</summary>
    Hashes,

    /// <summary>
    /// After the last "answer is", "answer:", "answer =", "correct option is" (and its letter), 答案是, 故选 or <c>&lt;answer&gt;</c>, up
    /// to the end of the sentence. One directly before it without a correction counts as well, and must be right too.
    /// </summary>
    AnswerPhrase,

    /// <summary>
    /// The last formula (<c>$…$</c>, <c>\(…\)</c>, <c>\[…\]</c>, an environment) or the last plain number, whichever comes later.
    /// </summary>
    LastValue,
}
