using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// Samples rollouts, τ ~ π(·|prompt), for the core: reports how many sequences the engine can start and which leases it has, samples its
/// leases, and keeps every rollout until the core has acknowledged it. All messages are repeated, so none of them has to arrive.
/// </summary>
public sealed partial class RolloutActor : ReceiveActor, IWithTimers
{
    private readonly RolloutWorkerSettings _settings;
    private readonly IActorRef _node;
    private readonly LeaseRunner _runner;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly HeldLeases _leases;
    private IActorRef _core = ActorRefs.Nobody;
    private LearnerEpoch _epoch;
    private long _sequence;
    private bool _demandRequested;
    private bool _draining;
    private bool _works;
    private int _faults;

    private sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record SendDemand : INoSerializationVerificationNeeded
    {
        public static SendDemand Instance { get; } = new();
    }

    public RolloutActor(RolloutWorkerSettings settings, LeaseRunner runner, TimeProvider time, IActorRef? node)
    {
        (_settings, _runner, _node) = (settings, runner, node ?? ActorRefs.Nobody);
        (_time, _start, _leases) = (time, time.GetTimestamp(), new HeldLeases(settings.Beat));
        Receive<NodeJoined>(joined =>
        {
            if (joined.Epoch != _epoch)
            {
                _leases.Leave();
            }

            (_core, _epoch) = (joined.Core, joined.Epoch);
            RequestDemand();
        });
        Receive<RolloutLease>(Accept);
        Receive<CancelLease>(cancel =>
        {
            _leases.Cancel(cancel.Lease);
            RequestDemand();
        });
        Receive<RolloutSampled>(sampled =>
        {
            _core.Tell(_leases.Deliver(sampled.Lease, sampled.Rollout, Elapsed));
            Works();
            RequestDemand();
        });
        Receive<LeaseEnded>(Ended);
        Receive<RolloutAck>(ack =>
        {
            _leases.Acknowledge(ack);
            RequestDemand();
        });
        Receive<WeightsSwapped>(swapped =>
        {
            foreach (RolloutLease lease in _leases.Ready(swapped.Version))
            {
                Start(lease);
            }
        });
        Receive<PolicyPublished>(published => Context.Parent.Tell(published));
        Receive<Refused>(refused => Context.Parent.Tell(refused));
        Receive<DrainWorker>(_ =>
        {
            _draining = true;
            RequestDemand();
            ReportDrained();
        });
        Receive<Beat>(_ => Repeat());
        Receive<SendDemand>(_ => Demand());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, _settings.Beat);

    protected override void PostStop() => _leases.CancelAll();

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    private void Repeat()
    {
        foreach (RolloutDelivered rollout in _leases.Due(Elapsed))
        {
            _core.Tell(rollout);
        }

        long steps = _runner.Steps;
        foreach ((LeaseId lease, int sampled) in _leases.Active)
        {
            _core.Tell(new LeaseProgress(lease, _epoch, steps + sampled));
        }

        RequestDemand();
    }

    /// <summary>Sent to the end of the mailbox: everything in front of it shares one demand.</summary>
    private void RequestDemand()
    {
        if (!_demandRequested && !_core.IsNobody())
        {
            _demandRequested = true;
            Self.Tell(SendDemand.Instance);
        }
    }

    private void Demand()
    {
        _demandRequested = false;
        ReportDrained();
        _core.Tell(
            new Demand
            {
                Worker = _settings.Name,
                Epoch = _epoch,
                Sequence = ++_sequence,
                Free = _draining ? 0 : _runner.Slots - _leases.Sequences,
                Origins = _settings.Origins,
                Held = [.. _leases.Ids],
                Version = _runner.Version,
            }
        );
    }

    private void ReportDrained()
    {
        if (_draining && _leases.IsEmpty)
        {
            Context.Parent.Tell(WorkerDrained.Instance);
        }
    }

    public static Props Props(RolloutWorkerSettings settings, LeaseRunner runner, TimeProvider time, IActorRef? node = null) =>
        Akka.Actor.Props.Create(() => new RolloutActor(settings, runner, time, node));
}
