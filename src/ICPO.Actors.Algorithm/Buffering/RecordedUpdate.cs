using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>A committed update of the journal.</summary>
/// <param name="From">The version it started from.</param>
/// <param name="WeightsSha256">SHA-256 of the weights that it made.</param>
/// <param name="Load">Reads the groups that it trained on, in order. Thread-safe.</param>
public sealed record RecordedUpdate(PolicyVersion From, string WeightsSha256, Func<ImmutableArray<TrainingGroup>> Load)
{
    /// <summary>The hardware that computed it; empty if it is not known.</summary>
    public string Hardware { get; init; } = "";
}
