using Akka.Actor;
using Akka.Cluster;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>
/// Removes members that have been unreachable for some time. It is active only where the core runs: a run has one core, which the journal
/// determines, so a partition without the core never removes a member and no majority is needed.
/// </summary>
internal sealed class MemberRemovalActor : ReceiveActor, IWithTimers
{
    /// <summary>How long a member may be unreachable.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(5);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    /// <summary>
    /// Identifies a process, not an address: a failed member may have been restarted at its address.
    /// </summary>
    private sealed record Overdue(UniqueAddress Member) : INoSerializationVerificationNeeded;

    /// <param name="isCore">Returns false once another process has taken over the run.</param>
    public MemberRemovalActor(Func<bool> isCore)
    {
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (Member member in state.Unreachable)
            {
                Watch(member);
            }
        });
        Receive<ClusterEvent.UnreachableMember>(unreachable => Watch(unreachable.Member));
        Receive<ClusterEvent.ReachableMember>(reachable => Timers.Cancel(reachable.Member.UniqueAddress));
        Receive<Overdue>(overdue =>
        {
            if (isCore() && _cluster.State.Unreachable.Any(member => member.UniqueAddress.Equals(overdue.Member)))
            {
                _cluster.Down(overdue.Member.Address);
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Watch(Member member) => Timers.StartSingleTimer(member.UniqueAddress, new Overdue(member.UniqueAddress), After);

    public static Props Props(Func<bool> isCore) => Akka.Actor.Props.Create(() => new MemberRemovalActor(isCore));
}
