using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Contracts.Groups;

/// <summary>A rollout with its verdict.</summary>
public sealed record JudgedRollout(Rollout Rollout, Judgment Judgment);

/// <summary>Why a rollout does not train.</summary>
public enum DropReason
{
    /// <summary>An expert rollout outside the expert region (R &lt; δ).</summary>
    OutsideExpertRegion = 0,

    /// <summary>A policy rollout whose place an accepted expert rollout took.</summary>
    ReplacedByExpert = 1,

    /// <summary>The verifier failed on it.</summary>
    VerifierFault = 2,

    /// <summary>Its whole group was rejected.</summary>
    GroupRejected = 3,

    /// <summary>The engine or its node failed, or the run ended, before it was complete.</summary>
    GenerationFailed = 4,

    /// <summary>It arrived a second time (its lease was retried), or after its group had been decided without it.</summary>
    Superseded = 5,

    /// <summary>An expert rollout of a group that does not use it: the policy succeeded, the warm-up lasts, or others are enough.</summary>
    ExpertNotNeeded = 6,
}

/// <summary>A rollout that does not train, with the reason.</summary>
public sealed record DroppedRollout(RolloutId Id, int Tokens, DropReason Reason);

/// <summary>Why a whole group does not train.</summary>
public enum GroupRejection
{
    /// <summary>All rewards are equal, so every advantage is 0 (dynamic sampling).</summary>
    NoSignal = 0,

    /// <summary>Fewer than two members have a verdict.</summary>
    TooFewVerdicts = 1,

    /// <summary>Rollouts of it could not be generated.</summary>
    GenerationFailed = 2,

    /// <summary>Older than the hard staleness bound.</summary>
    Stale = 3,

    /// <summary>It was admitted and has waited for its update for longer than the bound.</summary>
    WaitedTooLong = 4,
}

/// <summary>Reasons of rejections.</summary>
public static class GroupRejections
{
    /// <summary>True if a group is rejected for this reason after it was admitted, false if before.</summary>
    public static bool IsExpiry(this GroupRejection reason) => reason is GroupRejection.Stale or GroupRejection.WaitedTooLong;
}

/// <summary>A group that trains: the kept members in a fixed order, and the dropped rollouts.</summary>
public sealed record TrainingGroup
{
    public required GroupSpec Spec { get; init; }

    /// <summary>Kept members: policy rollouts by sibling, then expert rollouts by sibling.</summary>
    public required ImmutableArray<JudgedRollout> Members { get; init; }

    public required ImmutableArray<DroppedRollout> Dropped { get; init; }

    public GroupId Id => Spec.Id;

    public int Tokens => Members.Sum(m => m.Rollout.Tokens.Length);
}
