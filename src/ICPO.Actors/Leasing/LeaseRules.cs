namespace ICPO.Actors.Leasing;

/// <summary>When leases end and workers rest.</summary>
public sealed record LeaseRules
{
    /// <summary>A lease without progress for this long is taken back; that is an attempt.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Attempts before a lease is given up.</summary>
    public required int Attempts { get; init; }

    /// <summary>True if a repeated lease contains all of its units, including those that have arrived.</summary>
    public bool Whole { get; init; }

    /// <summary>A lease that its worker does not name in its demand is sent again after this time.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The delay of a worker after its first fault in a row; doubled for each further one.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest rest of a worker that fails.</summary>
    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Faults in a row after which leases no longer wait for a worker.</summary>
    public int BrokenAfter { get; init; } = 5;

    /// <summary>The rest after a number of faults in a row.</summary>
    public TimeSpan Rest(int faults) => faults > 20 ? LongestRest : Min(LongestRest, FirstRest * (1 << Math.Max(0, faults - 1)));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
