using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>How to extract the gold answer from its field.</summary>
public enum AnswerForm
{
    /// <summary>Detect; the whole field if it is named explicitly.</summary>
    Auto,

    /// <summary>The whole field.</summary>
    Whole,

    /// <summary>After the last <c>####</c>, as in GSM8K; the text before it is the solution.</summary>
    Hashes,

    /// <summary>In the last <c>\boxed</c>, as in the solutions of MATH.</summary>
    Boxed,
}

/// <summary>The handling of a row without a gold answer.</summary>
public enum MissingAnswer
{
    /// <summary>It is skipped and counted.</summary>
    LeaveOut,

    /// <summary>The file is rejected.</summary>
    Error,
}

/// <summary>
/// The meaning of the fields of a row. A name may be a path: <c>reward_model.ground_truth</c>, <c>prompt.0.content</c>,
/// <c>prompt.-1.content</c> (from the end); a field with the whole name, dots included, takes precedence. <c>|</c> separates alternatives:
/// the
/// first one that the first row has is used. Without question and answer the convention of the file is recognized
/// (<see cref="Conventions"/>).
/// </summary>
public sealed record FieldMapping
{
    /// <summary>A string, or a chat: a list of objects with <c>role</c> and <c>content</c>. Empty: recognized.</summary>
    public string Question { get; init; } = "";

    /// <summary>The gold answer: a string, a number, or a list of these (several answers). Empty: recognized.</summary>
    public string Answer { get; init; } = "";

    /// <summary>The handling of a row whose answer is null.</summary>
    public MissingAnswer MissingAnswer { get; init; }

    /// <summary>Answers that are placeholders for a missing answer, regardless of case: their rows are skipped and counted.</summary>
    public ImmutableArray<string> Placeholders { get; init; } =
    ["proof", "see proof", "see solution", "notfound", "not found", "no answer", "not available", "n/a", "nan", "tbd"];

    /// <summary>How to extract the answer from its field.</summary>
    public AnswerForm Form { get; init; } = AnswerForm.Auto;

    /// <summary>The human solution that a demonstration shows; null uses the convention's field, or the answer's.</summary>
    public string? Solution { get; init; }

    /// <summary>A string or a number, unique in the file; null uses file name and row number.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Strings, numbers or booleans by which results are grouped; a row without the field has no such tag. Empty: the convention's.
    /// </summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Fraction of correct answers of some policy, from 0 to 1; null if there is none.</summary>
    public string? PassRate { get; init; }

    /// <summary>Removes GSM8K's calculator annotations, <c>&lt;&lt;48/2=24&gt;&gt;</c>, from solutions.</summary>
    public bool RemoveCalculator { get; init; }
}
