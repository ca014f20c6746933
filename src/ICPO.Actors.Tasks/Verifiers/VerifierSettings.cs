using System.Collections.Immutable;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Http;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Rewards;
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

    public CommandSettings Command { get; init; } = new();

    public HttpSettings Http { get; init; } = new();

    public JudgeSettings Judge { get; init; } = new();

    /// <summary>The rewards of the external verifiers <c>command</c>, <c>http</c> and <c>judge</c>.</summary>
    public RewardScale Rewards { get; init; } = new();

    /// <summary>Time and concurrency of verifiers that enforce a deadline themselves.</summary>
    public VerifierLimits Limits { get; init; } = VerifierLimits.Default;

    /// <summary>
    /// Strings that end a response; <c>exact</c>, <c>numeric</c>, <c>regex</c>, <c>command</c>, <c>http</c> and <c>judge</c> remove one
    /// from the end first.
    /// </summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];
}
