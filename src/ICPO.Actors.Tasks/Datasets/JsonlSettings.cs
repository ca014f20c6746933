using System.Collections.Immutable;

namespace ICPO.Actors.Tasks;

/// <summary>
/// Which fields of a row mean what. A name may be a path: <c>reward_model.ground_truth</c>, <c>prompt.0.content</c>, <c>prompt.-1.content</c>
/// (from the end); a field that carries the whole name, dots included, comes first.
/// </summary>
public sealed record FieldMapping
{
    /// <summary>A string.</summary>
    public string Question { get; init; } = "question";

    /// <summary>The gold answer: a string or a number.</summary>
    public string Answer { get; init; } = "answer";

    /// <summary>The human solution that a demonstration shows; null takes <see cref="Answer"/>.</summary>
    public string? Solution { get; init; }

    /// <summary>A string or a number, unique in the file; null takes file name and line number.</summary>
    public string? Id { get; init; }

    /// <summary>Facts that results are split by: strings, numbers or booleans; a row without one simply lacks the tag.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
}

/// <summary>A task made of JSON lines (UTF-8, one object a line).</summary>
public sealed record JsonlSettings
{
    /// <summary>The questions.</summary>
    public string Path { get; init; } = "";

    /// <summary>The held-out questions; null sets <see cref="HeldOutShare"/> of <see cref="Path"/> aside.</summary>
    public string? HeldOutPath { get; init; }

    /// <summary>Share of questions held out, chosen by a hash of the question, so that a question asked twice falls on one side. In (0, 1).</summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>Another seed gives another split.</summary>
    public ulong SplitSeed { get; init; }

    /// <summary>The demonstration pool; null takes the training questions of <see cref="Path"/>.</summary>
    public string? DemonstrationPath { get; init; }

    /// <summary>Solutions shorter than this (in characters) are no demonstrations (58 in the authors' release).</summary>
    public int DemonstrationMinimumLength { get; init; } = 58;

    /// <summary>A solution that holds any of these is no demonstration.</summary>
    public ImmutableArray<string> DemonstrationExcludes { get; init; } = ["https:"];

    public FieldMapping Fields { get; init; } = new();

    /// <summary>Fields of <see cref="DemonstrationPath"/>; null takes <see cref="Fields"/>.</summary>
    public FieldMapping? DemonstrationFields { get; init; }

    /// <summary>What ends a response; by default what stands between two examples of the prompt. The first also ends a trace.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = ["\n\n\n"];

    /// <summary>Longest response in tokens.</summary>
    public int MaxTokens { get; init; } = 512;
}
