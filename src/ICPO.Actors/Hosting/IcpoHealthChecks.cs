using System.Collections.Immutable;
using ICPO.Actors.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ICPO.Actors.Hosting;

/// <summary>Registers health checks of runs.</summary>
public static class IcpoHealthChecks
{
    /// <summary>
    /// Adds <c>icpo-runs</c> (unhealthy after a run failed, degraded while its health rules report something), <c>icpo-stalled</c>
    /// (unhealthy while a run makes no progress) and <c>icpo-journal</c> (degraded while a run's journal does not respond). They report on
    /// the runs that were started through <c>AddIcpo</c> or <c>WithIcpo</c>; a run that failed is reported until another one is started.
    /// </summary>
    /// <param name="builder">From <c>AddHealthChecks()</c>.</param>
    /// <param name="configure">Sets the limits; null takes the defaults.</param>
    /// <param name="tags">Of all three checks; null is none.</param>
    /// <param name="failureStatus">Reported instead of unhealthy.</param>
    public static IHealthChecksBuilder AddIcpo(
        this IHealthChecksBuilder builder,
        Action<IcpoHealthOptions>? configure = null,
        IEnumerable<string>? tags = null,
        HealthStatus? failureStatus = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new IcpoHealthOptions();
        configure?.Invoke(options);
        string[] all = [.. tags ?? []];
        Add("icpo-runs", RunHealth.Runs);
        Add("icpo-stalled", runs => RunHealth.Stalled(runs, options.StalledAfter));
        Add("icpo-journal", RunHealth.Journal);
        return builder;

        void Add(string name, Func<ImmutableArray<RunState>, HealthCheckResult> judge) =>
            builder.Add(
                new HealthCheckRegistration(
                    name,
                    services => new RunsHealthCheck(() => judge(services.GetRequiredService<RunStates>().Read())),
                    failureStatus,
                    all
                )
            );
    }
}
