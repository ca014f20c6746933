using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Rollouts;

/// <summary>A rollout of a lease is complete.</summary>
internal sealed record RolloutSampled(RolloutLease Lease, Rollout Rollout) : INoSerializationVerificationNeeded;

/// <summary>A lease ended on its worker; <paramref name="Error"/> is null if it was sampled or cancelled.</summary>
internal sealed record LeaseEnded(RolloutLease Lease, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The engine now samples with this version.</summary>
internal sealed record WeightsSwapped(PolicyVersion Version) : INoSerializationVerificationNeeded;
