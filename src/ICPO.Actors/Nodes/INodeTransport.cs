using Akka.Actor;

namespace ICPO.Actors.Nodes;

/// <summary>The connection of a node of this process to the core.</summary>
public interface INodeTransport
{
    /// <summary>The actor that the node's messages to the core are sent to.</summary>
    /// <param name="context">Creates actors that end with the run.</param>
    /// <param name="core">The core's gateway.</param>
    IActorRef Connect(IActorRefFactory context, IActorRef core);
}

/// <summary>The core itself: messages are neither lost nor repeated.</summary>
internal sealed class DirectTransport : INodeTransport
{
    public static DirectTransport Instance { get; } = new();

    public IActorRef Connect(IActorRefFactory context, IActorRef core) => core;
}
