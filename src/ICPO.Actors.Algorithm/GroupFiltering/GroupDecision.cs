using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Algorithm.GroupFiltering;

/// <summary>The decision about a group whose rollouts are all judged or failed: <see cref="Admit"/> or <see cref="Reject"/>.</summary>
public abstract record GroupDecision
{
    private GroupDecision() { }

    /// <summary>It trains.</summary>
    public sealed record Admit(TrainingGroup Group) : GroupDecision;

    /// <summary>Nothing of it trains; every rollout of it is in <paramref name="Dropped"/>, each with its own reason.</summary>
    public sealed record Reject(GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped) : GroupDecision;
}
