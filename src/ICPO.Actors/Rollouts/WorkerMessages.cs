using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>A lease ended on its worker; <paramref name="Error"/> is null where all its rollouts were sent on.</summary>
internal sealed record LeaseEnded(RolloutLease Lease, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The engine now samples with this version.</summary>
internal sealed record WeightsSwapped(PolicyVersion Version) : INoSerializationVerificationNeeded;

/// <summary>Cancel open work and request no more; answered with <see cref="GenerationStopped"/> once nothing runs.</summary>
internal sealed record StopGenerating(TimeSpan Timeout) : INoSerializationVerificationNeeded;

/// <summary>No lease is running any more.</summary>
internal sealed record GenerationStopped : INoSerializationVerificationNeeded
{
    public static GenerationStopped Instance { get; } = new();
}
