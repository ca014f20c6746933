using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Nodes;

/// <summary>
/// A node of the run: loads its engines outside of the actor, joins the run, and notifies its workers of their core. It repeats its request
/// to join until it is welcomed, and joins again after the core has rejected one of its workers because of its epoch. A worker that fails
/// is restarted; the core decides how long a run continues without one.
/// </summary>
public sealed partial class NodeActor : ReceiveActor, IWithTimers
{
    private readonly NodeParts _parts;
    private readonly IActorRef _core;
    private readonly WorkerSlot[] _engines;
    private readonly WorkerSlot _verifier = new("verifier", NodeRole.Verifier, 0);
    private IActorRef _gateway = ActorRefs.Nobody;
    private LearnerEpoch? _epoch;
    private PolicySnapshot? _newest;

    private sealed record Loaded(IReadOnlyList<IGenerationEngine> Engines) : INoSerializationVerificationNeeded;

    private sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    public NodeActor(NodeParts parts, IActorRef core)
    {
        (_parts, _core) = (parts, parts.Transport.Connect(Context, core));
        _engines = [.. Enumerable.Range(0, parts.Engines).Select(index => new WorkerSlot($"engine-{index}", NodeRole.Rollout, index))];
        Receive<Loaded>(loaded =>
        {
            if (parts.Roles.Contains(NodeRole.Verifier))
            {
                StartVerifier();
            }

            foreach ((WorkerSlot slot, IGenerationEngine engine) in _engines.Zip(loaded.Engines))
            {
                StartEngine(slot, engine);
            }

            Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, TimeSpan.Zero, parts.Timings.Beat);
        });
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<Beat>(_ => Repeat());
        Receive<Welcome>(welcome =>
        {
            if (_epoch is { } known && known.Value >= welcome.Epoch.Value)
            {
                return;
            }

            // The sender is the gateway; the request to join may have been forwarded to it.
            (_epoch, _gateway) = (welcome.Epoch, Context.Watch(Sender));
            parts.Welcomed(welcome);
            Context.Parent.Tell(new CoreLink(HasCore: true));
            _newest = welcome.Weights ?? _newest;
            foreach (WorkerSlot slot in Slots)
            {
                Introduce(slot);
            }
        });
        Receive<PolicyPublished>(
            // A core that was replaced may still announce its weights.
            published => _newest is not { } known || published.Snapshot.Epoch.Value >= known.Epoch.Value,
            published =>
            {
                _newest = published.Snapshot;
                foreach (WorkerSlot slot in _engines)
                {
                    slot.Actor.Tell(published);
                }
            }
        );
        Receive<RunEnded>(ended => _epoch is not { } known || ended.Epoch.Value >= known.Value, ended => Context.Parent.Forward(ended));
        Receive<LeaveRun>(leave => Context.Parent.Forward(leave));
        ReceiveDrain();
        Receive<Refused>(refused =>
        {
            if (_epoch is { } known && known.Value < refused.Epoch.Value)
            {
                LoseCore();
                Repeat();
            }
        });
        ReceiveFromWorkers();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        NodeParts parts = _parts;
        Task.Run(() => new Loaded([.. Enumerable.Range(0, parts.Engines).Select(parts.CreateEngine)])).PipeTo(Self);
    }

    /// <summary>Searches for a core again; the node keeps its rollouts.</summary>
    private void LoseCore()
    {
        _epoch = null;
        Context.Parent.Tell(new CoreLink(HasCore: false));
    }

    private IEnumerable<WorkerSlot> Slots => [.. _engines, _verifier];

    /// <summary>Repeats messages that the core may have missed.</summary>
    private void Repeat()
    {
        if (_epoch is not { } epoch)
        {
            _core.Tell(Request());
            return;
        }

        foreach (WorkerFault fault in Slots.Select(slot => slot.Fault).OfType<WorkerFault>())
        {
            _gateway.Tell(fault with { Epoch = epoch });
        }
    }

    private JoinRun Request() =>
        new()
        {
            Node = _parts.Name,
            Roles = _parts.Roles,
            Device = _parts.Device,
            Slots = _engines.Sum(slot => slot.Engine?.Slots ?? 0),
        };

    /// <summary>Notifies a worker that has started, or whose node has joined, of its core and weights.</summary>
    private void Introduce(WorkerSlot slot)
    {
        if (_epoch is not { } epoch)
        {
            return;
        }

        if (slot.Role != NodeRole.Verifier && _newest is { } newest)
        {
            slot.Actor.Tell(new PolicyPublished(newest));
        }

        slot.Actor.Tell(new NodeJoined(_gateway, epoch));
    }

    public static Props Props(NodeParts parts, IActorRef core) => Akka.Actor.Props.Create(() => new NodeActor(parts, core));
}
