using Akka.Actor;
using ICPO.Actors.Nodes;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The transport of a node to a core in another process.</summary>
/// <param name="locator">A <see cref="CoreLocatorActor"/>.</param>
internal sealed class ClusterTransport(IActorRef locator) : INodeTransport
{
    public IActorRef Connect(IActorRefFactory context, IActorRef core) => locator;
}
