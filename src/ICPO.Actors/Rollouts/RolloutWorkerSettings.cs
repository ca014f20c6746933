using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>Settings of a rollout worker.</summary>
/// <param name="Name">The display name.</param>
/// <param name="Origins">The origins of rollouts that it samples.</param>
/// <param name="Beat">Time between two repetitions.</param>
public sealed record RolloutWorkerSettings(string Name, ImmutableArray<Origin> Origins, TimeSpan Beat);
