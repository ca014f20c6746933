using Akka.Actor;
using Akka.Cluster;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>
/// Forwards messages to the core: to the <see cref="CoreDoorActor"/> of every reachable member that can run it. Without a core that actor
/// drops them; nodes repeat their requests.
/// </summary>
internal sealed class CoreLocatorActor : ReceiveActor
{
    private readonly HashSet<Address> _learners = [];

    /// <summary>Whether a node that can run the core is reachable now.</summary>
    public sealed record CoreReachable(bool IsReachable) : INoSerializationVerificationNeeded;

    public CoreLocatorActor(IActorRef observer)
    {
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (Member member in state.Members.Where(IsLearner).Except(state.Unreachable))
            {
                _learners.Add(member.Address);
            }

            Report();
        });
        Receive<ClusterEvent.MemberUp>(up => Change(up.Member, reachable: true));
        Receive<ClusterEvent.ReachableMember>(reachable => Change(reachable.Member, reachable: true));
        Receive<ClusterEvent.UnreachableMember>(unreachable => Change(unreachable.Member, reachable: false));
        Receive<ClusterEvent.MemberRemoved>(removed => Change(removed.Member, reachable: false));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        ReceiveAny(message =>
        {
            foreach (Address learner in _learners)
            {
                Context.ActorSelection(new RootActorPath(learner) / "user" / CoreDoorActor.Name).Tell(message, Sender);
            }
        });

        void Change(Member member, bool reachable)
        {
            if (IsLearner(member) && (reachable ? _learners.Add(member.Address) : _learners.Remove(member.Address)))
            {
                Report();
            }
        }

        void Report() => observer.Tell(new CoreReachable(_learners.Count > 0));
    }

    protected override void PreStart() =>
        Akka
            .Cluster.Cluster.Get(Context.System)
            .Subscribe(
                Self,
                ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
                typeof(ClusterEvent.IMemberEvent),
                typeof(ClusterEvent.IReachabilityEvent)
            );

    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    private static bool IsLearner(Member member) => member.HasRole(ClusterHocon.Learner);

    public static Props Props(IActorRef observer) => Akka.Actor.Props.Create(() => new CoreLocatorActor(observer));
}
