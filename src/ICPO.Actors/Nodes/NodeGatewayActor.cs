using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Verification;

namespace ICPO.Actors.Nodes;

/// <summary>
/// The only actor of the core that nodes send to: registers nodes, tells them of new weights, refuses messages of another epoch, and passes
/// the others on. Rollouts of an earlier epoch are passed on as well: a group is a function of its number.
/// </summary>
public sealed class NodeGatewayActor : ReceiveActor
{
    private readonly NodeGatewayParts _parts;
    private readonly HashSet<IActorRef> _nodes = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private PolicySnapshot? _newest;

    public NodeGatewayActor(NodeGatewayParts parts)
    {
        _parts = parts;
        Receive<JoinRun>(join =>
        {
            if (_nodes.Add(Sender))
            {
                Context.Watch(Sender);
                _log.Info("Node {0} joined: {1}, {2} slots on {3}", join.Node, string.Join(' ', join.Roles), join.Slots, join.Device);
            }

            Sender.Tell(new Welcome(parts.Epoch, parts.Run, _newest));
        });
        Receive<Terminated>(node => _nodes.Remove(node.ActorRef));
        Receive<PolicyPublished>(published =>
        {
            _newest = published.Snapshot;
            foreach (IActorRef node in _nodes)
            {
                node.Tell(published);
            }
        });
        Receive<Demand>(demand =>
        {
            if (Forward(demand, demand.Epoch, _parts.Dispatcher) && _newest is { } newest && demand.Version < newest.Version)
            {
                Sender.Tell(new PolicyPublished(newest));
            }
        });
        Receive<LeaseProgress>(progress => Forward(progress, progress.Epoch, _parts.Dispatcher));
        Receive<LeaseFailed>(failed => Forward(failed, failed.Epoch, _parts.Dispatcher));
        Receive<RolloutDelivered>(delivered =>
            Forward(delivered, delivered.Epoch.Value < parts.Epoch.Value ? parts.Epoch : delivered.Epoch, _parts.Filter)
        );
        Receive<CaseDemand>(demand => Forward(demand, demand.Epoch, _parts.Cases));
        Receive<CaseJudged>(judged => Forward(judged, judged.Epoch, _parts.Cases));
    }

    /// <summary>False where the message belongs to another epoch, which is answered.</summary>
    private bool Forward(object message, LearnerEpoch epoch, IActorRef to)
    {
        if (epoch == _parts.Epoch)
        {
            to.Forward(message);
            return true;
        }

        Sender.Tell(new Refused($"{message.GetType().Name} names {epoch}, but the run is in {_parts.Epoch}.", _parts.Epoch));
        return false;
    }

    public static Props Props(NodeGatewayParts parts) => Akka.Actor.Props.Create(() => new NodeGatewayActor(parts));

    /// <summary>
    /// Subscribes the actor to published weights. Called by its parent before any are published, so that none is missed.
    /// </summary>
    public static void Subscribe(ActorSystem system, IActorRef gateway) => system.EventStream.Subscribe(gateway, typeof(PolicyPublished));
}

/// <summary>Where the gateway passes messages on.</summary>
public sealed record NodeGatewayParts
{
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    public required IActorRef Dispatcher { get; init; }

    public required IActorRef Filter { get; init; }

    public required IActorRef Cases { get; init; }
}
