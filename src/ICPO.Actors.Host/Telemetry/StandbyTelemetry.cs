using Akka.Hosting;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>
/// Health checks of a standby, and of the run once it has taken over, on the same server. Traces and metrics are exported from the takeover
/// on.
/// </summary>
internal sealed class StandbyTelemetry : IRunHostPart, IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly Action<string> _report;
    private readonly MonitoringServer? _server;
    private volatile RunReadiness? _run;
    private volatile bool _standsBy;

    private StandbyTelemetry(RunSettings settings, Action<string> report)
    {
        (_report, Identity) = (report, TelemetryIdentity.Create(settings, run: ""));
        _server = settings.Telemetry.Listen is { } address
            ? new MonitoringServer(address, Identity, () => _run?.IsReady ?? _standsBy, report)
            : null;
    }

    /// <summary>The identity of the process in telemetry.</summary>
    public TelemetryIdentity Identity { get; private set; }

    /// <exception cref="IOException">The server cannot listen on the address; names it.</exception>
    public static async Task<StandbyTelemetry> StartAsync(RunSettings settings, Action<string> report, CancellationToken cancellationToken)
    {
        var telemetry = new StandbyTelemetry(settings, report);
        if (telemetry._server is { } server)
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        return telemetry;
    }

    /// <summary>The process has joined the cluster and can take over.</summary>
    public void StandsBy() => _standsBy = true;

    public void AddServices(IServiceCollection services, RunContext run)
    {
        Identity = TelemetryIdentity.Create(run.Settings, run.Settings.RunId);
        _run = RunReadiness.Follow(run.Run);
        if (run.Settings.Telemetry.Otlp is not null)
        {
            services.AddSingleton<IHostedService>(new OtlpExport(run.Settings.Telemetry, Identity, _report));
        }
    }

    public void Configure(AkkaConfigurationBuilder akka, RunContext run) { }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout);
        if (_server is { } server)
        {
            await server.StopAsync(deadline.Token).ConfigureAwait(false);
        }
    }
}
