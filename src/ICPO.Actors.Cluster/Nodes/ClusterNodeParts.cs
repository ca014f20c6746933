using ICPO.Actors.Cluster.Telemetry;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>The parts of a node.</summary>
internal sealed record ClusterNodeParts
{
    public required string Name { get; init; }

    public required ClusterSettings Settings { get; init; }

    public required NodePreparation Preparation { get; init; }

    /// <summary>Called with messages for the operator of the node, one sentence each.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>The state for health checks.</summary>
    public required NodeState State { get; init; }

    /// <summary>Completes when the node ends.</summary>
    public required TaskCompletionSource<NodeOutcome> Ended { get; init; }
}
