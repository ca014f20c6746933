using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>How questions are put to the model.</summary>
public enum PromptStyle
{
    /// <summary>As chats where the data set holds chats, in plain text else.</summary>
    Auto,

    /// <summary>The paper's plain text: <c>Question: …</c>, <c>Answer:</c>.</summary>
    Plain,

    /// <summary>By the model's chat template; demonstrations are earlier turns of the conversation.</summary>
    Chat,
}

/// <summary>A task made of a data set: JSON lines, the same packed by gzip, or Parquet.</summary>
public sealed record JsonlSettings
{
    /// <summary>The questions; empty where only <see cref="HeldOutPath"/> is asked.</summary>
    public string Path { get; init; } = "";

    /// <summary>The held-out questions; null sets <see cref="HeldOutShare"/> of <see cref="Path"/> aside.</summary>
    public string? HeldOutPath { get; init; }

    /// <summary>
    /// Share of questions held out, chosen by a hash of the question, so that a question asked twice falls on one side. In (0, 1).
    /// </summary>
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

    /// <summary>
    /// Pass rates by id, JSON lines with <c>id</c> and <c>pass_rate</c>, as an evaluation writes them; null where the rows tell theirs or
    /// none is known.
    /// </summary>
    public string? PassRatePath { get; init; }

    /// <summary>Training asks questions with a pass rate from here up; in [0, 1].</summary>
    public double MinimumPassRate { get; init; }

    /// <summary>Training asks questions with a pass rate up to here; in [0, 1].</summary>
    public double MaximumPassRate { get; init; } = 1;

    public PromptStyle Prompt { get; init; } = PromptStyle.Auto;

    /// <summary>Fields of <see cref="DemonstrationPath"/>; null takes <see cref="Fields"/>.</summary>
    public FieldMapping? DemonstrationFields { get; init; }

    /// <summary>
    /// What ends a response beside the model's own end of turn; by default what stands between two examples of the prompt. The first also
    /// ends a trace in plain text.
    /// </summary>
    public ImmutableArray<string> StopStrings { get; init; } = ["\n\n\n"];

    /// <summary>Longest response in tokens.</summary>
    public int MaxTokens { get; init; } = 512;
}
