namespace ICPO.Actors.Cluster.Nodes;

/// <summary>Why a node has ended.</summary>
public enum NodeEnd
{
    /// <summary>The run has ended.</summary>
    RunEnded,

    /// <summary>It was asked to leave and has delivered its rollouts.</summary>
    Drained,

    /// <summary>It was asked to leave and dropped undelivered rollouts at the deadline; they are sampled again elsewhere.</summary>
    DrainTimedOut,
}

/// <summary>How a node has ended.</summary>
/// <param name="End">The reason.</param>
/// <param name="Message">A sentence.</param>
public sealed record NodeOutcome(NodeEnd End, string Message);
