using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>What is there of an undecided group.</summary>
/// <param name="Group">Its number.</param>
/// <param name="DispatchedAt">The learner's version when it was dispatched.</param>
/// <param name="Rollouts">Complete and judged; the others are to be made.</param>
public sealed record PartialGroup(GroupId Group, PolicyVersion DispatchedAt, ImmutableArray<JudgedRollout> Rollouts);
