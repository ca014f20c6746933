using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Where the gold answer stands in its field.</summary>
public enum AnswerForm
{
    /// <summary>By the file's convention where the answer's field is recognised, the whole field where it is named.</summary>
    Auto,

    /// <summary>The whole field.</summary>
    Whole,

    /// <summary>Behind the last <c>####</c>, as GSM8K has it; the text before is the solution.</summary>
    Hashes,

    /// <summary>In the last <c>\boxed</c>, as the solutions of MATH have it.</summary>
    Boxed,
}

/// <summary>
/// Which fields of a row mean what. A name may be a path: <c>reward_model.ground_truth</c>, <c>prompt.0.content</c>,
/// <c>prompt.-1.content</c>
/// (from the end); a field that carries the whole name, dots included, comes first. Alternatives stand behind <c>|</c>: the first that the
/// file's first row has is
/// taken. Without question and answer the file's own convention is recognised (<see cref="Conventions"/>).
/// </summary>
public sealed record FieldMapping
{
    /// <summary>A string, or a chat: a list of objects with <c>role</c> and <c>content</c>. Empty: recognised.</summary>
    public string Question { get; init; } = "";

    /// <summary>The gold answer: a string, a number, or a list of these (several answers). Empty: recognised.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Where the answer stands in its field.</summary>
    public AnswerForm Form { get; init; } = AnswerForm.Auto;

    /// <summary>The human solution that a demonstration shows; null takes what the convention says, or the answer's field.</summary>
    public string? Solution { get; init; }

    /// <summary>A string or a number, unique in the file; null takes file name and row number.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Facts that results are split by: strings, numbers or booleans; a row without one simply lacks the tag. Empty: the convention's.
    /// </summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Share of right answers of some policy, a number from 0 to 1; null where there is none.</summary>
    public string? PassRate { get; init; }

    /// <summary>GSM8K's calculator annotations, <c>&lt;&lt;48/2=24&gt;&gt;</c>, are taken out of solutions.</summary>
    public bool RemoveCalculator { get; init; }
}
