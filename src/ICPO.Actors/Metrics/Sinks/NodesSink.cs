using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>
/// Writes <c>nodes.json</c>: the nodes of the run when new weights were published, a node joined or left, or a worker failed.
/// </summary>
public sealed class NodesSink(RunDirectory directory, TimeProvider time, Action<RunLine>? mirror = null) : IMetricSink
{
    private readonly NodeHistory _history = new();
    private volatile bool _ended;

    /// <summary>Nodes are reported separately.</summary>
    public void Update(UpdateRecord update) { }

    public void Nodes(NodesReported reported)
    {
        _history.Report(reported, time.GetUtcNow());
        Write();
    }

    public void Fault(WorkerFault fault)
    {
        _history.Fault(fault);
        Write();
    }

    public void Dispose() => _ended = true;

    /// <summary>The nodes that leave a run because it has ended are not recorded as having left.</summary>
    private void Write()
    {
        if (_ended)
        {
            return;
        }

        NodeRecords records = _history.Records(time.GetUtcNow());
        records.Write(directory);
        mirror?.Invoke(new RunLine(RunLineKinds.Nodes, 0, records.ToJson()));
    }
}
