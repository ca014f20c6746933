using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>An update of the journal.</summary>
/// <param name="From">The version it started from.</param>
/// <param name="WeightsSha256">Of the weights that it made.</param>
/// <param name="Load">Reads the groups that it trained on, in order; from any thread.</param>
public sealed record RecordedUpdate(PolicyVersion From, string WeightsSha256, Func<ImmutableArray<TrainingGroup>> Load);
