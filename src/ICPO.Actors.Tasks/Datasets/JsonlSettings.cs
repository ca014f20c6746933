using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>A task from a data set: JSON lines, JSON or Parquet.</summary>
public sealed record JsonlSettings
{
    /// <summary>The training questions; empty if only <see cref="HeldOutPath"/> is used.</summary>
    public string Path { get; init; } = "";

    /// <summary>The held-out questions; null holds out <see cref="HeldOutShare"/> of <see cref="Path"/>.</summary>
    public string? HeldOutPath { get; init; }

    /// <summary>
    /// Fraction of questions held out, in (0, 1). A hash of the question decides, so that duplicates are on the same side.
    /// </summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>Seed of the split.</summary>
    public ulong SplitSeed { get; init; }

    /// <summary>The demonstration pool; null uses the training questions of <see cref="Path"/>.</summary>
    public string? DemonstrationPath { get; init; }

    /// <summary>Minimum length of a demonstration's solution in characters (58 in the authors' release).</summary>
    public int DemonstrationMinimumLength { get; init; } = 58;

    /// <summary>Solutions that contain any of these texts are not demonstrations.</summary>
    public ImmutableArray<string> DemonstrationExcludes { get; init; } = ["https:"];

    public FieldMapping Fields { get; init; } = new();

    /// <summary>
    /// Pass rates by id: JSON lines with <c>id</c> and <c>pass_rate</c>, as an evaluation writes them. Null if the rows contain them or
    /// none is
    /// known.
    /// </summary>
    public string? PassRatePath { get; init; }

    /// <summary>Minimum pass rate of training questions, in [0, 1].</summary>
    public double MinimumPassRate { get; init; }

    /// <summary>Maximum pass rate of training questions, in [0, 1].</summary>
    public double MaximumPassRate { get; init; } = 1;

    /// <summary>Fields of <see cref="DemonstrationPath"/>; null uses <see cref="Fields"/>.</summary>
    public FieldMapping? DemonstrationFields { get; init; }

    /// <summary>
    /// Strings that end a response in addition to the model's end of turn; by default the separator of the prompt's examples. The first one
    /// also ends a demonstration in plain text.
    /// </summary>
    public ImmutableArray<string> StopStrings { get; init; } = ["\n\n\n"];

    /// <summary>Maximum length of a response in tokens.</summary>
    public int MaxTokens { get; init; } = 512;
}
