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

    /// <summary>Time until a worker that has failed is started again; doubled for each further fault in a row.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time until a worker that has failed is started again.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause after a number of faults in a row.</summary>
    public TimeSpan Pause(int faults)
    {
        TimeSpan pause = FirstPause * (1L << Math.Clamp(faults - 1, 0, 20));
        return pause < LongestPause ? pause : LongestPause;
    }
}
