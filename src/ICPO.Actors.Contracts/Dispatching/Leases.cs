using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Contracts.Dispatching;

/// <summary>
/// The leases of a worker and its free capacity. Absolute: it replaces the worker's earlier reports, so that a lost, repeated or late one
/// does no harm.
/// </summary>
public sealed record Demand
{
    /// <summary>The worker's display name.</summary>
    public required string Worker { get; init; }

    /// <summary>The core's epoch as known to the worker; another one is rejected.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>Ascending per worker; one that is not above the last is ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>Sequences that it can start now; negative if its leases exceed its slots.</summary>
    public required int Free { get; init; }

    /// <summary>Which rollouts it samples.</summary>
    public ImmutableArray<Origin> Origins { get; init; } = [Origin.Policy, Origin.Expert];

    /// <summary>Leases that run, wait for weights, or have rollouts that are not acknowledged.</summary>
    public ImmutableArray<LeaseId> Held { get; init; } = [];

    /// <summary>The weights of its engine; if they are old, the core announces the newest again.</summary>
    public PolicyVersion Version { get; init; }
}

/// <summary>
/// Rollouts of one origin and one prompt, to be sampled by the worker that receives it. It holds the prompt's tokens and nothing of the
/// question, so a worker needs no task. It ends when the core has all its rollouts, or with <see cref="CancelLease"/>.
/// </summary>
public sealed record RolloutLease
{
    public required LeaseId Id { get; init; }

    /// <summary>The epoch of the core that gave it.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>Token ids of the whole prompt, demonstrations included.</summary>
    public required ImmutableArray<int> Prompt { get; init; }

    /// <summary>The siblings to sample, ascending.</summary>
    public required ImmutableArray<int> Siblings { get; init; }

    /// <summary>One seed per sibling, in the same order.</summary>
    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>The minimum version of the engine's weights at the start.</summary>
    public required PolicyVersion NotBefore { get; init; }

    /// <summary>W3C trace context (traceparent) for the spans of its rollouts; null without a listener.</summary>
    public string? Trace { get; init; }
}

/// <summary>Names a lease: its group, origin and first sibling; the attempt is the number of earlier attempts.</summary>
public readonly record struct LeaseId(GroupId Group, Origin Origin, int FirstSibling, int Attempt)
{
    public override string ToString() => $"{Group}/{(Origin == Origin.Policy ? "p" : "e")}{FirstSibling}#{Attempt}";
}

/// <summary>A lease that runs has advanced: its deadline is extended if <paramref name="Steps"/> is above the last one reported.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Epoch">The core's epoch as the worker knows it.</param>
/// <param name="Steps">What its engine has computed so far, in any unit that only grows while the engine works.</param>
public sealed record LeaseProgress(LeaseId Lease, LearnerEpoch Epoch, long Steps);

/// <summary>The worker could not sample the rollouts; another worker gets the lease.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Epoch">The core's epoch as the worker knows it.</param>
/// <param name="Reason">The error message.</param>
/// <param name="EngineFault">
/// True if the engine failed, which does not count as an attempt; false if the request cannot be sampled, e.g. because it is too long.
/// </param>
public sealed record LeaseFailed(LeaseId Lease, LearnerEpoch Epoch, string Reason, bool EngineFault);

/// <summary>
/// The core no longer waits for the lease: the worker stops sampling it. Rollouts that are already sampled are delivered.
/// </summary>
public sealed record CancelLease(LeaseId Lease, LearnerEpoch Epoch);

/// <summary>A rollout is complete. The worker keeps and repeats it until <see cref="RolloutAck"/>.</summary>
/// <param name="Lease">The lease that it was sampled for.</param>
/// <param name="Epoch">The epoch of that lease; an older one is welcome where the group is undecided.</param>
/// <param name="Rollout">Without the names of demonstrations, which only the core needs.</param>
public sealed record RolloutDelivered(LeaseId Lease, LearnerEpoch Epoch, Rollout Rollout);

/// <summary>The core has the rollout, or does not want it: the worker drops it.</summary>
public sealed record RolloutAck(LeaseId Lease, RolloutId Rollout);
