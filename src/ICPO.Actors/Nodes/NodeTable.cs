using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Verification;

namespace ICPO.Actors.Nodes;

/// <summary>The nodes of a run and the reports of their workers, for display.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<IActorRef, Node> _nodes = [];
    private readonly Dictionary<string, Node> _byName = [];
    private readonly Dictionary<IActorRef, Node> _workers = [];

    public IReadOnlyCollection<IActorRef> Actors => _nodes.Keys;

    /// <summary>True if the node is new.</summary>
    public bool Join(IActorRef actor, JoinRun join)
    {
        bool isNew = !_nodes.TryGetValue(actor, out Node? node);
        _nodes[actor] = _byName[join.Node] = node ??= new Node(actor);
        node.Join = join;
        return isNew;
    }

    public void Leave(IActorRef actor)
    {
        if (_nodes.Remove(actor, out Node? node))
        {
            foreach (IActorRef worker in _workers.Where(entry => entry.Value == node).Select(entry => entry.Key).ToArray())
            {
                _workers.Remove(worker);
            }

            if (_byName.GetValueOrDefault(node.Join!.Node) == node)
            {
                _byName.Remove(node.Join.Node);
            }
        }
    }

    /// <summary>The node with a name; null if there is none.</summary>
    public IActorRef? Find(string name) => _byName.GetValueOrDefault(name)?.Actor;

    public void Saw(IActorRef worker, Demand demand)
    {
        if (NodeOf(worker, demand.Worker) is { } node)
        {
            node.Engines[worker] = (demand.Version.Value, demand.Held.Length);
        }
    }

    public void Saw(IActorRef verifier, CaseDemand demand) => NodeOf(verifier, demand.Worker);

    public void SawRollout(IActorRef worker)
    {
        if (_workers.TryGetValue(worker, out Node? node))
        {
            node.Rollouts++;
        }
    }

    public void SawCase(IActorRef verifier)
    {
        if (_workers.TryGetValue(verifier, out Node? node))
        {
            node.Cases++;
        }
    }

    public ImmutableArray<NodeStatus> Report() =>
        [
            .. _nodes.Values.Select(node => new NodeStatus
            {
                Name = node.Join!.Node,
                Roles = [.. node.Join.Roles.Select(role => role.ToString().ToLowerInvariant())],
                Device = node.Join.Device,
                Slots = node.Join.Slots,
                Version = node.Engines.Count > 0 ? node.Engines.Values.Min(engine => engine.Version) : 0,
                Leases = node.Engines.Values.Sum(engine => engine.Leases),
                Rollouts = node.Rollouts,
                Cases = node.Cases,
            }),
        ];

    /// <summary>The name of a worker is that of its node and its own, with a slash between.</summary>
    private Node? NodeOf(IActorRef worker, string name)
    {
        if (!_workers.TryGetValue(worker, out Node? node) && name.LastIndexOf('/') is > 0 and int end)
        {
            node = _byName.GetValueOrDefault(name[..end]);
            if (node is not null)
            {
                _workers[worker] = node;
            }
        }

        return node;
    }

    private sealed class Node(IActorRef actor)
    {
        public IActorRef Actor { get; } = actor;

        public JoinRun? Join { get; set; }

        public Dictionary<IActorRef, (long Version, int Leases)> Engines { get; } = [];

        public long Rollouts { get; set; }

        public long Cases { get; set; }
    }
}
