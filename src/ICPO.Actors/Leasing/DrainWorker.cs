using Akka.Actor;

namespace ICPO.Actors.Leasing;

/// <summary>A worker or a node accepts no new work; answered with <see cref="WorkerDrained"/> when its rollouts are delivered.</summary>
public sealed record DrainWorker : INoSerializationVerificationNeeded
{
    public static DrainWorker Instance { get; } = new();
}

/// <summary>The worker, or every worker of the node, holds nothing more.</summary>
public sealed record WorkerDrained : INoSerializationVerificationNeeded
{
    public static WorkerDrained Instance { get; } = new();
}
