using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Contracts.Dispatching;

/// <summary>A worker requests work: at most this many more sequences of this origin.</summary>
public sealed record RequestWork(Origin Origin, int Sequences);

/// <summary>Rollouts of one origin and one prompt, to be sampled by the worker that receives it.</summary>
public sealed record RolloutLease
{
    public required GroupSpec Group { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>Siblings to sample, from <see cref="FirstSibling"/> on.</summary>
    public required int FirstSibling { get; init; }

    /// <summary>One seed per sibling.</summary>
    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>Demonstrations before the question; empty for policy rollouts.</summary>
    public ImmutableArray<Demonstration> Demonstrations { get; init; } = [];

    /// <summary>How often it was leased before: 0 for the first attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The engine must hold at least this version before it starts.</summary>
    public required PolicyVersion NotBefore { get; init; }

    public LeaseId Id => new(Group.Id, Origin, FirstSibling, Attempt);
}

/// <summary>Names a lease.</summary>
public readonly record struct LeaseId(GroupId Group, Origin Origin, int FirstSibling, int Attempt)
{
    public override string ToString() => $"{Group}/{(Origin == Origin.Policy ? "p" : "e")}{FirstSibling}#{Attempt}";
}

/// <summary>Every rollout of the lease was sent on.</summary>
public sealed record LeaseDone(LeaseId Lease);

/// <summary>The worker could not sample the rollouts; the lease is requeued.</summary>
public sealed record LeaseFailed(LeaseId Lease, string Reason);

/// <summary>A rollout is complete.</summary>
public sealed record RolloutCompleted(GroupSpec Group, Rollout Rollout);

/// <summary>A rollout failed: its lease used up its attempts.</summary>
public sealed record RolloutFailed(GroupSpec Group, RolloutId Rollout, string Reason);

/// <summary>A rollout has its verdict.</summary>
public sealed record RolloutJudged(GroupSpec Group, JudgedRollout Rollout);
