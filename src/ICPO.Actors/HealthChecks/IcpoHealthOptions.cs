namespace ICPO.Actors.HealthChecks;

/// <summary>When health checks report a problem.</summary>
public sealed class IcpoHealthOptions
{
    /// <summary>
    /// A run in which no update, evaluation or phase has ended for this long is reported as stalled; longer than any of these may take.
    /// </summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(15);
}
