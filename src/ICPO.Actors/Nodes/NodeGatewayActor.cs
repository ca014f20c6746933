using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Nodes;

/// <summary>
/// The only actor of the core that nodes send to: registers nodes, notifies them of new weights, rejects messages of another epoch, and
/// forwards the others. Rollouts of an earlier epoch are forwarded as well: a group is a function of its number.
/// </summary>
public sealed class NodeGatewayActor : ReceiveActor
{
    private readonly NodeGatewayParts _parts;
    private readonly NodeTable _nodes = new();
    private readonly Dictionary<(IActorRef Node, string Worker), long> _faults = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private PolicySnapshot? _newest;

    /// <summary>Answered with the nodes as an array of <see cref="NodeStatus"/>.</summary>
    public sealed record ReportNodes : INoSerializationVerificationNeeded
    {
        public static ReportNodes Instance { get; } = new();
    }

    /// <summary>Asks a node to leave; answered with false if no node has the name.</summary>
    public sealed record DrainNode(string Node) : INoSerializationVerificationNeeded;

    public NodeGatewayActor(NodeGatewayParts parts)
    {
        _parts = parts;
        Receive<JoinRun>(join =>
        {
            if (_nodes.Join(Sender, join))
            {
                Context.Watch(Sender);
                _log.Info("Node {0} joined: {1}, {2} slots on {3}", join.Node, string.Join(' ', join.Roles), join.Slots, join.Device);
                Report();
            }

            Sender.Tell(new Welcome(parts.Epoch, parts.Run, _newest) { Files = parts.Endpoint?.FilesAddress ?? "" });
        });
        Receive<Terminated>(node =>
        {
            _nodes.Leave(node.ActorRef);
            foreach ((IActorRef, string) known in _faults.Keys.Where(key => key.Node.Equals(node.ActorRef)).ToArray())
            {
                _faults.Remove(known);
            }

            Report();
        });
        Receive<DescribeRun>(Describe);
        Receive<PolicyPublished>(published =>
        {
            _newest = published.Snapshot;
            parts.Endpoint?.Publish(published.Snapshot);
            foreach (IActorRef node in _nodes.Actors)
            {
                node.Tell(published);
            }

            Report();
        });
        Receive<Demand>(demand =>
        {
            _nodes.Saw(Sender, demand);
            if (Forward(demand, demand.Epoch, _parts.Dispatcher) && _newest is { } newest && demand.Version < newest.Version)
            {
                Sender.Tell(new PolicyPublished(newest));
            }
        });
        Receive<LeaseProgress>(progress => Forward(progress, progress.Epoch, _parts.Dispatcher));
        Receive<LeaseFailed>(failed => Forward(failed, failed.Epoch, _parts.Dispatcher));
        Receive<RolloutDelivered>(delivered =>
        {
            _nodes.SawRollout(Sender);
            Forward(delivered, delivered.Epoch.Value < parts.Epoch.Value ? parts.Epoch : delivered.Epoch, _parts.Filter);
        });
        Receive<CaseDemand>(demand =>
        {
            _nodes.Saw(Sender, demand);
            Forward(demand, demand.Epoch, _parts.Cases);
        });
        Receive<CaseJudged>(judged =>
        {
            _nodes.SawCase(Sender);
            Forward(judged, judged.Epoch, _parts.Cases);
        });
        Receive<WorkerFault>(OnFault);
        Receive<WorkerNote>(note =>
        {
            if (IsOfThisEpoch(note, note.Epoch))
            {
                _parts.Events.Publish(new RunNote(note.Text));
            }
        });
        Receive<ReportNodes>(_ => Sender.Tell(_nodes.Report()));
        Receive<DrainNode>(drain =>
        {
            IActorRef? node = _nodes.Find(drain.Node);
            node?.Tell(new LeaveRun(_parts.Epoch));
            Sender.Tell(node is not null);
        });
    }

    protected override void PostStop()
    {
        if (_parts.Endpoint is { IsReplaced: true })
        {
            return;
        }

        foreach (IActorRef node in _nodes.Actors)
        {
            node.Tell(new RunEnded(_parts.Run, _parts.Epoch));
        }
    }

    private void Describe(DescribeRun asked)
    {
        if (_parts.Endpoint is not { } endpoint)
        {
            Sender.Tell(new Refused("The run is limited to a single process; start it as the core of a cluster.", _parts.Epoch));
            return;
        }

        RunDescription description = endpoint.Describe(_parts.Epoch);
        Sender.Tell(
            description.Product == asked.Product
                ? description
                : new Refused(
                    $"Node {asked.Node} runs version {asked.Product}, the core {description.Product}; install the same version.",
                    _parts.Epoch
                )
        );
    }

    private void Report() => _parts.Events.Publish(new NodesReported(_newest?.Version ?? PolicyVersion.Base, _nodes.Report()));

    /// <summary>A fault is reported once, however often the node repeats it.</summary>
    private void OnFault(WorkerFault fault)
    {
        if (!IsOfThisEpoch(fault, fault.Epoch) || _faults.GetValueOrDefault((Sender, fault.Worker)) >= fault.Number)
        {
            return;
        }

        _faults[(Sender, fault.Worker)] = fault.Number;
        _parts.Events.Publish(fault);
        (fault.Role == NodeRole.Verifier ? _parts.Cases : _parts.Dispatcher).Forward(fault);
    }

    /// <summary>False if the message belongs to another epoch, which is answered.</summary>
    private bool Forward(object message, LearnerEpoch epoch, IActorRef to)
    {
        if (!IsOfThisEpoch(message, epoch))
        {
            return false;
        }

        to.Forward(message);
        return true;
    }

    private bool IsOfThisEpoch(object message, LearnerEpoch epoch)
    {
        if (epoch == _parts.Epoch)
        {
            return true;
        }

        Sender.Tell(new Refused($"{message.GetType().Name} names {epoch}, but the run is in {_parts.Epoch}.", _parts.Epoch));
        return false;
    }

    public static Props Props(NodeGatewayParts parts) => Akka.Actor.Props.Create(() => new NodeGatewayActor(parts));
}
