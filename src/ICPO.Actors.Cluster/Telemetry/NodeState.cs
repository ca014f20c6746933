using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Cluster.Telemetry;

/// <summary>The state of a node, for health checks and telemetry. Thread-safe.</summary>
public sealed class NodeState
{
    private readonly TaskCompletionSource<string> _run = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isReachable;
    private volatile bool _isPrepared;
    private volatile bool _holdsWeights;

    /// <summary>The id of the node's run, once the core has described it.</summary>
    public Task<string> Run => _run.Task;

    /// <summary>True if the core is reachable and the node has loaded its weights, or its verifier if it does not sample.</summary>
    public bool IsReady => _isReachable && _isPrepared && _holdsWeights;

    internal void Described(string run) => _run.TrySetResult(run);

    internal void Reachable(bool isReachable) => _isReachable = isReachable;

    /// <param name="samples">False for a node that needs no weights.</param>
    internal void Prepared(bool samples)
    {
        _holdsWeights |= !samples;
        _isPrepared = true;
    }

    internal void Loaded(PolicyVersion _) => _holdsWeights = true;
}
