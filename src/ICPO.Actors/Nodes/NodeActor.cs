using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Nodes;

/// <summary>
/// A node of the run: loads its engines outside of the actor, joins the run, and tells its workers which core they work for. It asks to
/// join until it is welcome, and again after the core has refused one of its workers because of its epoch.
/// </summary>
public sealed partial class NodeActor : ReceiveActor, IWithTimers
{
    private readonly NodeParts _parts;
    private readonly IActorRef _core;
    private readonly List<IActorRef> _engines = [];
    private IActorRef _verifier = ActorRefs.Nobody;
    private LearnerEpoch? _epoch;
    private int _slots;

    private sealed record Loaded(IReadOnlyList<IGenerationEngine> Engines) : INoSerializationVerificationNeeded;

    private sealed record Join : INoSerializationVerificationNeeded
    {
        public static Join Instance { get; } = new();
    }

    public NodeActor(NodeParts parts, IActorRef core)
    {
        (_parts, _core) = (parts, parts.Transport.Connect(Context, core));
        Receive<Loaded>(loaded =>
        {
            StartWorkers(loaded.Engines);
            Timers.StartPeriodicTimer(nameof(Join), Join.Instance, TimeSpan.Zero, parts.Timings.Beat);
        });
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<Join>(_ =>
        {
            if (_epoch is null)
            {
                _core.Tell(Request());
            }
        });
        Receive<Welcome>(welcome =>
        {
            if (_epoch is { } known && known.Value >= welcome.Epoch.Value)
            {
                return;
            }

            _epoch = welcome.Epoch;
            if (welcome.Weights is { } weights)
            {
                Broadcast(new PolicyPublished(weights));
            }

            // Its gateway, wherever it is: what asks to join may have been passed on.
            Context.Watch(Sender);
            var joined = new NodeJoined(Sender, welcome.Epoch);
            Broadcast(joined);
            _verifier.Tell(joined);
        });
        Receive<PolicyPublished>(Broadcast);
        Receive<Terminated>(_ => _epoch = null);
        Receive<RunEnded>(ended => Context.Parent.Forward(ended));
        Receive<LeaveRun>(leave => Context.Parent.Forward(leave));
        ReceiveDrain();
        Receive<Refused>(refused =>
        {
            if (_epoch is { } known && known.Value < refused.Epoch.Value)
            {
                _epoch = null;
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Task.Run(() => new Loaded(_parts.CreateEngines())).PipeTo(Self);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    public static Props Props(NodeParts parts, IActorRef core) => Akka.Actor.Props.Create(() => new NodeActor(parts, core));
}
