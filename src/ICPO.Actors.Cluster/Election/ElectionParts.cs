namespace ICPO.Actors.Cluster.Election;

/// <summary>A process that takes part in an election. Its functions are called on the election's thread.</summary>
internal sealed record ElectionParts
{
    /// <summary>Distinguishes the process from every other one.</summary>
    public required string Token { get; init; }

    /// <summary>How long a lease is valid without being renewed.</summary>
    public required TimeSpan LeaseTime { get; init; }

    /// <summary>The process as it is now.</summary>
    public required Func<LeaseHolder> Holder { get; init; }

    /// <summary>True where the process holds what the run can go back to.</summary>
    public required Func<LeaseRow?, bool> CanGoOn { get; init; }

    /// <summary>Called with a sentence when another process has the lease that this one held.</summary>
    public required Action<string> Replaced { get; init; }

    /// <summary>True also continues a run that has ended.</summary>
    public bool ResumesEnded { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The run has ended in another process.</summary>
/// <param name="state">How.</param>
/// <param name="node">Where.</param>
internal sealed class RunEndedElsewhereException(LeaseState state, string node) : Exception($"the run has ended at {node}: {state}")
{
    public LeaseState State => state;
}
