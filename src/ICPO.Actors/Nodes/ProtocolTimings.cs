namespace ICPO.Actors.Nodes;

/// <summary>The intervals at which nodes and core repeat messages. Unlike deadlines of work, these are not settings of a run.</summary>
public sealed record ProtocolTimings
{
    /// <summary>Time between two repetitions of a node: its demand, its progress, and unacknowledged messages.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two checks of the core's deadlines.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The core resends leases that a node has not reported after this time.</summary>
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
