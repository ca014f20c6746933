namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>Which buffered groups an update trains on.</summary>
public enum GroupSelector
{
    /// <summary>Those with the smallest numbers.</summary>
    Oldest,

    /// <summary>Those with the greatest numbers.</summary>
    Newest,

    /// <summary>A uniform draw by the run's seed and the update.</summary>
    Uniform,

    /// <summary>Those whose rewards differ most; of equal ones the oldest.</summary>
    Priority,
}

/// <summary>How the buffer serves its groups (<c>icpo.buffer</c>).</summary>
public sealed record SelectionSettings
{
    public GroupSelector Selector { get; init; } = GroupSelector.Oldest;

    /// <summary>n, the number of updates that train on a group.</summary>
    public int SamplesPerInsert { get; init; } = 1;
}
