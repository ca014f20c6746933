namespace ICPO.Actors.Cluster.Election;

/// <summary>A candidate of an election. Its functions are called on the election's thread.</summary>
internal sealed record ElectionParts
{
    /// <summary>Distinguishes the process from every other one.</summary>
    public required string Token { get; init; }

    /// <summary>How long a lease is valid without renewal.</summary>
    public required TimeSpan LeaseTime { get; init; }

    /// <summary>The current state of the process.</summary>
    public required Func<LeaseHolder> Holder { get; init; }

    /// <summary>True if the process has a checkpoint from which the run can be resumed.</summary>
    public required Func<LeaseRow?, bool> CanGoOn { get; init; }

    /// <summary>Called with a message when another process has acquired the lease that this one held.</summary>
    public required Action<string> Replaced { get; init; }

    /// <summary>True also continues a run that has ended.</summary>
    public bool ResumesEnded { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The run has ended in another process.</summary>
/// <param name="state">The state in which it ended.</param>
/// <param name="node">The node at which it ended.</param>
internal sealed class RunEndedElsewhereException(LeaseState state, string node) : Exception($"the run has ended at {node}: {state}")
{
    public LeaseState State => state;
}
