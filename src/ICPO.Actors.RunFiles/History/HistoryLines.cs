using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.History;

/// <summary>An update in <c>metrics.jsonl</c>, its metrics by their current names.</summary>
public sealed record UpdateLine(long Update, double Seconds, ImmutableSortedDictionary<string, double> Values);

/// <summary>An evaluation in <c>metrics.jsonl</c>.</summary>
public sealed record EvaluationLine(
    long Update,
    double Seconds,
    double Accuracy,
    int Questions,
    ImmutableSortedDictionary<string, double> ByTag
);

/// <summary>A rollout in <c>samples.jsonl</c>.</summary>
public sealed record SampleLine
{
    public required long Update { get; init; }

    public required string Origin { get; init; }

    public required string Question { get; init; }

    public required string Response { get; init; }

    public required string Verdict { get; init; }

    /// <summary>Null if the verifier failed.</summary>
    public double? Reward { get; init; }

    public required double Advantage { get; init; }
}
