using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Planning;

/// <summary>The dispatcher announces a group to the filter before it assigns any of its leases.</summary>
/// <param name="Plan">Its leases and traces.</param>
/// <param name="Restored">Rollouts of it that the journal holds.</param>
public sealed record OpenGroup(GroupPlan Plan, ImmutableArray<JudgedRollout> Restored) : INoSerializationVerificationNeeded;

/// <summary>The dispatcher notifies the filter that a rollout is not leased again; it counts as failed unless it has arrived.</summary>
public sealed record RolloutFailed(RolloutId Rollout, string Reason) : INoSerializationVerificationNeeded;

/// <summary>The filter notifies the dispatcher that the core has a rollout; with the last one its lease ends.</summary>
public sealed record RolloutArrived(LeaseId Lease, RolloutId Rollout) : INoSerializationVerificationNeeded;

/// <summary>The filter notifies the dispatcher that a rollout that had arrived has its verdict.</summary>
public sealed record RolloutVerified(RolloutId Rollout) : INoSerializationVerificationNeeded;
