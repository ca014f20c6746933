using System.Collections.Immutable;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Settings of all verifiers.</summary>
public sealed record VerifierSettings
{
    /// <summary><c>exact</c> and <c>regex</c>: ignore case.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary><c>numeric</c>: the largest |response − gold| that is Correct; 0 compares exactly.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary><c>math</c>: where the answer is found and what counts as equal.</summary>
    public MathSettings Math { get; init; } = new();

    public RegexSettings Regex { get; init; } = new();

    public FormatSettings Format { get; init; } = new();

    public CompositeSettings Composite { get; init; } = new();

    /// <summary>Strings that end a response; <c>exact</c>, <c>numeric</c> and <c>regex</c> remove one from the end first.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];
}
