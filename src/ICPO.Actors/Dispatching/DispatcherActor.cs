using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Leasing;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Gives leases to workers that ask for work. It opens a new group only while the admission formula has capacity (bounded staleness η), so
/// back-pressure reaches from the learner to the engines without a growing queue. A lease ends when the filter has all its rollouts, so a
/// lost message, a terminated worker and a hung engine all result in a lease that is assigned again.
/// </summary>
public sealed partial class DispatcherActor : ReceiveActor, IWithTimers
{
    private readonly DispatcherSettings _settings;
    private readonly GroupDispatch _groups;
    private readonly LeaseBook<IActorRef, LeaseId> _leases;
    private readonly Dictionary<LeaseId, PlannedLease> _planned = [];
    private readonly IActorRef _filter;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly LoadReports _load = new();
    private string? _lastFailure;
    private IActorRef? _drainRequester;

    public DispatcherActor(GroupPlanner planner, DispatcherSettings settings, IActorRef filter, TimeProvider time)
    {
        (_filter, _settings) = (filter, settings);
        (_time, _start) = (time, time.GetTimestamp());
        _groups = new GroupDispatch(planner, settings.Group, settings.Admission, settings.SamplesPerInsert);
        _leases = new LeaseBook<IActorRef, LeaseId>(settings.LeaseRules);
        (_stall, _engines) = (new StallWatch(settings.StallLimit), new FaultWatch("engine", settings.Admission.FaultTimeout));

        Dispatching<Open>(open =>
        {
            _groups.Open(open);
            _stall.Advanced(Elapsed);
        });
        Receive<Close>(_ => _groups.Close());
        Receive<Drain>(_ =>
        {
            _groups.Close();
            _drainRequester = Sender;
            CarryOut(_leases.Close(Elapsed));
            _planned.Clear();
            ReportDrained();
        });
        ReceiveFromWorkers();
        ReceiveProgress();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, _settings.TickInterval);

    /// <summary>Monotonic time since the start, so that changing the system clock does not expire leases.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Handles a message, then dispatches the groups and leases that it made possible.</summary>
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

        while (_groups.MayDispatch && (_groups.SamplesNothing || _leases.Wants((int)_groups.LeadingOrigin)))
        {
            DispatchedGroup group = _groups.Next();
            _settings.Traces.Opened(group.Plan.Spec);
            _filter.Tell(new OpenGroup(group.Plan, group.Restored));
            foreach (PlannedLease lease in group.Plan.Leases)
            {
                _planned.Add(lease.Id, lease);
                _leases.Add(lease.Id, (int)lease.Id.Origin, lease.Siblings);
            }

            ReportAgain(group.WasDispatched ? group.Plan.Leases.Sum(lease => lease.Seeds.Length) : 0);
        }

        IReadOnlyList<Assignment<IActorRef, LeaseId>> matched = _leases.Match(Elapsed);
        foreach (Assignment<IActorRef, LeaseId> assignment in matched)
        {
            Send(assignment);
        }

        ReportAgain(matched.Where(assignment => assignment.Attempt > 0).Sum(assignment => assignment.Units.Length));
        ReportLoad(force: false);
    }

    private void ReportLoad(bool force)
    {
        if (_load.Next(() => _leases.Load, Elapsed, force) is var (atWork, all))
        {
            _settings.Events.Publish(new WorkersAtWork(WorkersAtWork.Engines, atWork, all));
        }
    }

    private void ReportAgain(int rollouts)
    {
        if (rollouts > 0)
        {
            _settings.Events.Publish(new RolloutsLeasedAgain(rollouts));
        }
    }

    private void Send(Assignment<IActorRef, LeaseId> assignment)
    {
        RolloutLease lease = _planned[assignment.Key].Lease(_settings.Epoch, assignment.Attempt, assignment.Units);
        assignment.Worker.Tell(lease with { Trace = _settings.Traces.Leased(lease.Id, lease.Siblings.Length) });
    }

    private void CarryOut(LeaseOutcome<IActorRef, LeaseId> outcome)
    {
        foreach (Assignment<IActorRef, LeaseId> repeated in outcome.Repeated)
        {
            Send(repeated);
        }

        foreach (Cancellation<IActorRef, LeaseId> cancelled in outcome.Cancelled)
        {
            cancelled.Worker.Tell(new CancelLease(cancelled.Key with { Attempt = cancelled.Attempt }, _settings.Epoch));
        }

        foreach (GivenUp<LeaseId> givenUp in outcome.GivenUp)
        {
            _lastFailure = givenUp.Reason;
            _planned.Remove(givenUp.Key);
            _settings.Traces.LeaseEnded(givenUp.Key);
            foreach (int sibling in givenUp.Units)
            {
                _filter.Tell(new RolloutFailed(new RolloutId(givenUp.Key.Group, givenUp.Key.Origin, sibling), givenUp.Reason));
            }
        }
    }

    private void ReportDrained()
    {
        if (_drainRequester is not null && _leases.IsDrained)
        {
            _drainRequester.Tell(Drained.Instance);
            _drainRequester = null;
        }
    }

    public static Props Props(GroupPlanner planner, DispatcherSettings settings, IActorRef filter, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DispatcherActor(planner, settings, filter, time));
}
