using Akka.Actor;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The actor of a node that can run the core which other nodes send to; passes messages on while the core runs here.</summary>
internal sealed class CoreDoorActor : ReceiveActor
{
    public const string Name = "icpo-core";
    private IActorRef _gateway = ActorRefs.Nobody;

    /// <summary>The core runs here.</summary>
    public sealed record Opened(IActorRef Gateway) : INoSerializationVerificationNeeded;

    public CoreDoorActor()
    {
        Receive<Opened>(opened => _gateway = Context.Watch(opened.Gateway));
        Receive<Terminated>(_ => _gateway = ActorRefs.Nobody);
        ReceiveAny(message =>
        {
            if (!_gateway.IsNobody())
            {
                _gateway.Forward(message);
            }
        });
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new CoreDoorActor());
}
