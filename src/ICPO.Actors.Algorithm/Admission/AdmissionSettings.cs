namespace ICPO.Actors.Algorithm.Admission;

/// <summary>Bounded staleness (AReaL, arXiv 2505.24298 §5.1).</summary>
public sealed record AdmissionSettings
{
    /// <summary>η: the maximum staleness of a group when it trains, in updates; 0 is synchronous training.</summary>
    public int MaxStaleness { get; init; } = 1;

    /// <summary>C_max, groups in flight at once.</summary>
    public int MaxRunningGroups { get; init; } = 64;

    /// <summary>Reject a group older than this many updates when it would train; null trains late groups and reports them.</summary>
    public int? HardStalenessBound { get; init; }

    /// <summary>Reject a group that has waited in the buffer for more than this many updates; null lets groups wait.</summary>
    public int? MaxQueueAge { get; init; }

    /// <summary>A lease whose engine makes no progress for this long is given to another worker.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long after <see cref="LeaseTimeout"/> a run ends if nothing at all has advanced.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum time without a working engine or verifier before the run ends.</summary>
    public TimeSpan FaultTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Number of attempts of a lease before its rollouts count as failed.</summary>
    public int LeaseAttempts { get; init; } = 3;
}
