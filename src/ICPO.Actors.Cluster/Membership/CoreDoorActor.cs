using Akka.Actor;
using Akka.Cluster;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The actor to which other nodes send messages for the core; forwards them while the core runs here.</summary>
internal sealed class CoreDoorActor : ReceiveActor
{
    public const string Name = "icpo-core";

    /// <summary>The actor of a node of another process.</summary>
    public const string NodePath = "icpo-node";

    private IActorRef _gateway = ActorRefs.Nobody;

    /// <summary>The core runs here.</summary>
    public sealed record Opened(IActorRef Gateway, LearnerEpoch Epoch) : INoSerializationVerificationNeeded;

    public CoreDoorActor()
    {
        Receive<Opened>(opened =>
        {
            _gateway = Context.Watch(opened.Gateway);
            Announce(opened.Epoch);
        });
        Receive<Terminated>(_ => _gateway = ActorRefs.Nobody);
        ReceiveAny(message =>
        {
            if (!_gateway.IsNobody())
            {
                _gateway.Forward(message);
            }
        });
    }

    /// <summary>Notifies the nodes of an earlier core that there is a new one, so that they join it immediately.</summary>
    private void Announce(LearnerEpoch epoch)
    {
        var moved = new Refused("The core runs in another process now.", epoch);
        foreach (Member member in Akka.Cluster.Cluster.Get(Context.System).State.Members)
        {
            Context.ActorSelection(new RootActorPath(member.Address) / "user" / NodePath / "node").Tell(moved, _gateway);
        }
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new CoreDoorActor());
}
