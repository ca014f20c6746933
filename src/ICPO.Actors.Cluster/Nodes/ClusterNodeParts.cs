using ICPO.Actors.Cluster.Telemetry;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>What a node works with.</summary>
internal sealed record ClusterNodeParts
{
    public required string Name { get; init; }

    public required ClusterSettings Settings { get; init; }

    public required NodePreparation Preparation { get; init; }

    /// <summary>Called with what the operator of the node should see, one sentence each.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Kept up to date for health checks.</summary>
    public required NodeState State { get; init; }

    /// <summary>How the node ends.</summary>
    public required TaskCompletionSource<NodeOutcome> Ended { get; init; }
}
