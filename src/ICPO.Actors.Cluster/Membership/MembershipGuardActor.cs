using Akka.Actor;
using Akka.Remote;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>Reports once that the cluster has removed this process, which then cannot reach any member and must be restarted.</summary>
internal sealed class MembershipGuardActor : ReceiveActor
{
    private const string Sentence =
        "The cluster has removed this process, because it was unreachable for too long; restart it to join again (a supervisor does that).";

    private sealed record Removed : INoSerializationVerificationNeeded;

    /// <param name="lost">Called with a message.</param>
    public MembershipGuardActor(Action<string> lost)
    {
        Receive<Removed>(_ => End());
        Receive<ThisActorSystemQuarantinedEvent>(_ => End());

        void End()
        {
            lost(Sentence);
            Context.Stop(Self);
        }
    }

    protected override void PreStart()
    {
        IActorRef self = Self;
        Akka.Cluster.Cluster.Get(Context.System).RegisterOnMemberRemoved(() => self.Tell(new Removed()));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    public static Props Props(Action<string> lost) => Akka.Actor.Props.Create(() => new MembershipGuardActor(lost));
}
