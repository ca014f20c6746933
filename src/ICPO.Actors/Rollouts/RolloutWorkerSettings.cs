using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>How a worker takes part in a run.</summary>
/// <param name="Name">For people.</param>
/// <param name="Origins">Which rollouts it samples.</param>
/// <param name="Beat">Time between two repetitions.</param>
public sealed record RolloutWorkerSettings(string Name, ImmutableArray<Origin> Origins, TimeSpan Beat);
