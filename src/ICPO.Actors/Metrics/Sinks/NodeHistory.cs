using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>The nodes of this start of a run, also those that have left. Pure: time is an argument.</summary>
public sealed class NodeHistory
{
    /// <summary>Nodes that have left; of more the first are forgotten.</summary>
    private const int MaxLeft = 100;

    private readonly OrderedDictionary<string, NodeRecord> _nodes = new(StringComparer.Ordinal);
    private long _update;

    /// <summary>The nodes that take part now; the others have left.</summary>
    public void Report(NodesReported reported, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reported);
        _update = reported.Update.Value;
        var present = reported.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (NodeRecord gone in _nodes.Values.Where(node => node.Left is null && !present.Contains(node.Name)).ToArray())
        {
            _nodes[gone.Name] = gone with { Left = now, Leases = 0 };
        }

        foreach (NodeStatus node in reported.Nodes)
        {
            _nodes[node.Name] = Record(node, _nodes.GetValueOrDefault(node.Name), now);
        }

        NodeRecord[] left = [.. _nodes.Values.Where(node => node.Left is not null).OrderBy(node => node.Left)];
        foreach (NodeRecord oldest in left.SkipLast(MaxLeft))
        {
            _nodes.Remove(oldest.Name);
        }
    }

    /// <summary>A worker has failed; its name is that of its node and its own, with a slash between.</summary>
    public void Fault(WorkerFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        int end = fault.Worker.LastIndexOf('/');
        if (end > 0 && _nodes.TryGetValue(fault.Worker[..end], out NodeRecord? node))
        {
            _nodes[node.Name] = node with { Faults = node.Faults + 1, LastFault = fault.Reason };
        }
    }

    /// <summary>What is recorded.</summary>
    public NodeRecords Records(DateTimeOffset now) => new(now, _update, [.. _nodes.Values]);

    private static NodeRecord Record(NodeStatus node, NodeRecord? known, DateTimeOffset now) =>
        new()
        {
            Name = node.Name,
            Roles = node.Roles,
            Device = node.Device,
            Slots = node.Slots,
            Version = node.Version,
            Leases = node.Leases,
            Rollouts = node.Rollouts,
            Cases = node.Cases,
            Faults = known?.Faults ?? 0,
            LastFault = known?.LastFault,
            Joined = known is { Left: null } ? known.Joined : now,
        };
}
