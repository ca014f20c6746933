namespace ICPO.Actors.Cluster.Nodes;

/// <summary>Why a node has ended.</summary>
public enum NodeEnd
{
    /// <summary>The run has ended.</summary>
    RunEnded,

    /// <summary>It was asked to leave, and what it held is delivered.</summary>
    Drained,

    /// <summary>It was asked to leave, and gave up what it held after the deadline; the core has it sampled again.</summary>
    DrainTimedOut,
}

/// <summary>How a node has ended.</summary>
/// <param name="End">Why.</param>
/// <param name="Message">A sentence.</param>
public sealed record NodeOutcome(NodeEnd End, string Message);
