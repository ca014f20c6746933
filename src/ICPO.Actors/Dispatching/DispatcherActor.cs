using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Filtering;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Hands out leases to workers that request them. It opens a new group only while the admission formula has capacity (bounded
/// staleness η), so back-pressure reaches from the learner to the engines without a growing queue.
/// </summary>
public sealed class DispatcherActor : ReceiveActor, IWithTimers
{
    private readonly GroupDispatch _groups;
    private readonly LeaseBook<IActorRef> _leases;
    private readonly IActorRef _filter;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string? _lastFailure;

    /// <summary>Start dispatching from the state of the journal.</summary>
    /// <param name="Version">Committed updates.</param>
    /// <param name="Buffered">Admitted groups that wait for their update.</param>
    /// <param name="Undecided">Groups dispatched before a restart and not decided; they keep their numbers.</param>
    /// <param name="Next">The first number that the journal does not mention.</param>
    public sealed record Open(PolicyVersion Version, int Buffered, IReadOnlyList<GroupId> Undecided, GroupId Next)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Those of <see cref="Undecided"/> of which the journal holds rollouts: only the missing ones are leased.</summary>
        public IReadOnlyList<PartialGroup> Kept { get; init; } = [];
    }

    /// <summary>No new groups, no new leases.</summary>
    public sealed record Close : INoSerializationVerificationNeeded
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>Check for overdue leases; sent by a timer.</summary>
    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }

    public DispatcherActor(GroupPlanner planner, GroupSettings group, AdmissionSettings admission, IActorRef filter, TimeProvider time)
    {
        (_filter, _groups) = (filter, new GroupDispatch(planner, group, admission));
        (_time, _start) = (time, time.GetTimestamp());
        _leases = new LeaseBook<IActorRef>(admission.LeaseTimeout, admission.LeaseAttempts);

        Dispatching<Open>(_groups.Open);
        Receive<Close>(_ => _groups.Close());
        Dispatching<RequestWork>(request =>
        {
            Context.Watch(Sender);
            _leases.Demand(Sender, request.Origin, request.Sequences);
        });
        Receive<LeaseDone>(done => _leases.Complete(done.Lease));
        Dispatching<LeaseFailed>(failed =>
        {
            _log.Warning("Lease {0} failed: {1}", failed.Lease, failed.Reason);
            GiveUp(_leases.Fail(failed.Lease) is { } lease ? [lease] : [], failed.Reason);
        });
        Dispatching<GroupAdmitted>(_ => _groups.Admitted());
        Dispatching<GroupRejected>(rejected => _groups.Rejected(rejected.Reason, _lastFailure));
        Dispatching<UpdateCommitted>(committed => _groups.Advanced(committed.Version));
        Dispatching<Terminated>(worker => GiveUp(_leases.Forget(worker.ActorRef), "its worker terminated"));
        Dispatching<Tick>(_ => GiveUp(_leases.Expire(Elapsed), $"it did not finish within {admission.LeaseTimeout}"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));

    /// <summary>Monotonic time since the start, so that changing the system clock does not expire leases.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Handles a message and then dispatches what it made possible.</summary>
    private void Dispatching<T>(Action<T> handle) =>
        Receive<T>(message =>
        {
            handle(message);
            Dispatch();
        });

    private void Dispatch()
    {
        if (!_groups.IsOpen)
        {
            return;
        }

        while (_groups.MayDispatch && _leases.Wants(_groups.LeadingOrigin))
        {
            DispatchedGroup group = _groups.Next();
            foreach (JudgedRollout rollout in group.Restored)
            {
                _filter.Tell(new FilterActor.Restore(group.Plan.Spec, rollout));
            }

            foreach (RolloutLease lease in group.Plan.Leases)
            {
                _leases.Add(lease);
            }
        }

        foreach ((IActorRef worker, RolloutLease lease) in _leases.Match(Elapsed))
        {
            worker.Tell(lease);
        }
    }

    private void GiveUp(IReadOnlyList<RolloutLease> leases, string reason)
    {
        foreach (RolloutLease lease in leases)
        {
            _lastFailure = reason;
            for (int sibling = lease.FirstSibling; sibling < lease.FirstSibling + lease.Seeds.Length; sibling++)
            {
                _filter.Tell(new RolloutFailed(lease.Group, new RolloutId(lease.Group.Id, lease.Origin, sibling), reason));
            }
        }
    }

    public static Props Props(
        GroupPlanner planner,
        GroupSettings group,
        AdmissionSettings admission,
        IActorRef filter,
        TimeProvider time
    ) => Akka.Actor.Props.Create(() => new DispatcherActor(planner, group, admission, filter, time));
}
