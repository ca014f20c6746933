using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>An undecided group of which some rollouts are in the journal.</summary>
/// <param name="Group">Its number.</param>
/// <param name="DispatchedAt">The learner's version when it was dispatched.</param>
/// <param name="Rollouts">Complete and judged; the others have to be sampled.</param>
public sealed record PartialGroup(GroupId Group, PolicyVersion DispatchedAt, ImmutableArray<JudgedRollout> Rollouts);
