namespace ICPO.Actors.Nodes;

/// <summary>How often nodes and core repeat themselves. Deadlines of work are settings of a run; these are not.</summary>
public sealed record ProtocolTimings
{
    /// <summary>Time between two repetitions of a node: its demand, its progress, and what was not acknowledged.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two looks of the core at its deadlines.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The core sends what a node does not name as held again after this time.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);
}
