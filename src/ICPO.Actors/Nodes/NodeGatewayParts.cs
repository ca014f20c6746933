using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Nodes;

/// <summary>The actors to which the gateway forwards messages.</summary>
public sealed record NodeGatewayParts
{
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    public required IActorRef Dispatcher { get; init; }

    public required IActorRef Filter { get; init; }

    public required IActorRef Cases { get; init; }

    /// <summary>The description for nodes of other processes; null if all nodes are in this one.</summary>
    public ICoreEndpoint? Endpoint { get; init; }

    /// <summary>The bus of the run's events.</summary>
    public RunEventBus Events { get; init; } = new();
}
