using Akka.Hosting;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>Adds health checks and the export of traces and metrics to the host of a run, as configured.</summary>
/// <param name="report">Called with a message for the operator.</param>
internal sealed class TelemetryRunPart(Action<string> report) : IRunHostPart
{
    /// <summary>The identity of the process in telemetry; null before the run has been prepared.</summary>
    public TelemetryIdentity? Identity { get; private set; }

    public void AddServices(IServiceCollection services, RunContext run)
    {
        TelemetrySettings settings = run.Settings.Telemetry;
        var identity = TelemetryIdentity.Create(run.Settings, run.Settings.RunId);
        Identity = identity;
        if (settings.Otlp is not null)
        {
            services.AddSingleton<IHostedService>(new OtlpExport(settings, identity, report));
        }

        if (settings.Listen is { } address)
        {
            var readiness = RunReadiness.Follow(run.Run);
            services.AddSingleton<IHostedService>(new MonitoringServer(address, identity, () => readiness.IsReady, report));
        }
    }

    public void Configure(AkkaConfigurationBuilder akka, RunContext run) { }
}
