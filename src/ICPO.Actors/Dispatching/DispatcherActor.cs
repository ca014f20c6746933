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
/// Hands out work to those who ask for it. It opens a new group only where the admission formula leaves room (bounded
/// staleness η), so back-pressure reaches from the learner to the engines without a queue that grows.
/// </summary>
public sealed class DispatcherActor : ReceiveActor, IWithTimers
{
    private readonly GroupPlanner _planner;
    private readonly GroupSettings _group;
    private readonly AdmissionSettings _admissionSettings;
    private readonly IActorRef _filter;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly LeaseBook<IActorRef> _book;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<GroupId> _reissue = new();
    private readonly Dictionary<GroupId, PartialGroup> _kept = [];
    private readonly RejectionLimit _streak;
    private AdmissionState _admission;
    private string? _failure;
    private GroupId _next;
    private bool _open;

    /// <summary>Begin (or go on): the journal's state says which groups are decided.</summary>
    /// <param name="Version">Committed updates.</param>
    /// <param name="Buffered">Admitted groups that wait for their update.</param>
    /// <param name="Undecided">Groups dispatched before a restart whose fate is not recorded; dispatched again under their own
    /// numbers.</param>
    /// <param name="Next">The first number of which nothing is recorded.</param>
    public sealed record Open(PolicyVersion Version, int Buffered, IReadOnlyList<GroupId> Undecided, GroupId Next)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Of <see cref="Undecided"/>, those of which rollouts are there already: only what lacks is leased.</summary>
        public IReadOnlyList<PartialGroup> Kept { get; init; } = [];
    }

    /// <summary>No new groups, no new leases.</summary>
    public sealed record Close : INoSerializationVerificationNeeded
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>Look for leases that are overdue; comes from a timer.</summary>
    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }

    public DispatcherActor(GroupPlanner planner, GroupSettings group, AdmissionSettings admission, IActorRef filter, TimeProvider time)
    {
        (_planner, _group, _admissionSettings, _filter, _time, _begun) = (planner, group, admission, filter, time, time.GetTimestamp());
        _book = new LeaseBook<IActorRef>(admission.LeaseTimeout, admission.LeaseAttempts);
        _streak = new RejectionLimit(group.GroupsPerUpdate);

        Receive<Open>(open =>
        {
            _admission = AdmissionState.Recovered(open.Version, open.Buffered, _group.GroupsPerUpdate);
            _next = open.Next;
            foreach (GroupId id in open.Undecided)
            {
                _reissue.Enqueue(id);
            }

            foreach (PartialGroup group in open.Kept)
            {
                _kept.Add(group.Group, group);
            }

            _open = true;
            Dispatch();
        });
        Receive<Close>(_ =>
        {
            _open = false;
        });
        Receive<RequestWork>(request =>
        {
            Context.Watch(Sender);
            _book.Demand(Sender, request.Origin, request.Sequences);
            Dispatch();
        });
        Receive<LeaseDone>(done => _book.Complete(done.Lease));
        Receive<LeaseFailed>(failed =>
        {
            _log.Warning("Lease {0} failed: {1}", failed.Lease, failed.Reason);
            GiveUp(_book.Fail(failed.Lease), failed.Reason);
            Dispatch();
        });
        Receive<GroupAdmitted>(_ =>
        {
            _streak.Broken();
            Decided(_admission.Admitted());
        });
        Receive<GroupRejected>(rejected => rejected.Reason == GroupRejection.Stale, _ => Decided(_admission.Expired()));
        Receive<GroupRejected>(rejected =>
        {
            _streak.Add(rejected.Reason, _failure);
            Decided(_admission.Rejected());
        });
        Receive<UpdateCommitted>(committed => Decided(_admission.Advanced(committed.Version)));
        Receive<Terminated>(gone =>
        {
            GiveUp(_book.Forget(gone.ActorRef), "its worker is gone");
            Dispatch();
        });
        Receive<Tick>(_ =>
        {
            GiveUp(_book.Expire(Elapsed), $"not done within {_admissionSettings.LeaseTimeout}");
            Dispatch();
        });
    }

    public static Props Props(
        GroupPlanner planner,
        GroupSettings group,
        AdmissionSettings admission,
        IActorRef filter,
        TimeProvider time
    ) => Akka.Actor.Props.Create(() => new DispatcherActor(planner, group, admission, filter, time));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));

    /// <summary>Time as leases see it: since the start, so that a clock that is set does not end them.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_begun);

    private void Decided(AdmissionState admission)
    {
        _admission = admission;
        Dispatch();
    }

    private void Dispatch()
    {
        if (!_open)
        {
            return;
        }

        Origin first = _group.PolicyRollouts > 0 ? Origin.Policy : Origin.Expert;
        while (_admission.Capacity(_admissionSettings, _group.GroupsPerUpdate) > 0 && _book.Wants(first))
        {
            GroupId next = NextGroup();
            _kept.Remove(next, out PartialGroup? kept);
            GroupPlan plan = _planner.Plan(next, _admission.Version, kept);
            _admission = _admission.Dispatched();
            foreach (JudgedRollout rollout in kept?.Rollouts ?? [])
            {
                _filter.Tell(new FilterActor.Restore(plan.Spec, rollout));
            }

            foreach (RolloutLease lease in plan.Leases)
            {
                _book.Add(lease);
            }
        }

        foreach ((IActorRef worker, RolloutLease lease) in _book.Match(Elapsed))
        {
            worker.Tell(lease);
        }
    }

    private GroupId NextGroup()
    {
        if (_reissue.TryDequeue(out GroupId id))
        {
            return id;
        }

        GroupId next = _next;
        _next = new GroupId(next.Value + 1);
        return next;
    }

    private void GiveUp(RolloutLease? lease, string reason) => GiveUp(lease is null ? [] : [lease], reason);

    private void GiveUp(IReadOnlyList<RolloutLease> leases, string reason)
    {
        foreach (RolloutLease lease in leases)
        {
            _failure = reason;
            for (int sibling = lease.FirstSibling; sibling < lease.FirstSibling + lease.Seeds.Length; sibling++)
            {
                _filter.Tell(new RolloutFailed(lease.Group, new RolloutId(lease.Group.Id, lease.Origin, sibling), reason));
            }
        }
    }
}
