using System.Globalization;
using System.Net.Sockets;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard.Serving;
using ICPO.Actors.Metrics.Sinks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>
/// Health checks and metrics of this process over plain HTTP, for orchestrators and Prometheus, which have no certificate of the cluster.
/// It is read-only.
/// </summary>
/// <param name="address">The address to listen on.</param>
/// <param name="identity">The process that the metrics describe.</param>
/// <param name="isReady">Returns true if the process is ready.</param>
/// <param name="report">Called with the address.</param>
internal sealed class MonitoringServer(ListenAddress address, TelemetryIdentity identity, Func<bool> isReady, Action<string> report)
    : IHostedService
{
    private const string RuntimeMeter = "System.Runtime";
    private const int MaxConnections = 64;
    private WebApplication? _app;
    private MeterProvider? _metrics;

    /// <exception cref="IOException">The server cannot listen on the address; names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(identity.Resource())
            .AddMeter(MeterSink.MeterName, RuntimeMeter)
            .AddPrometheusExporter()
            .Build();
        try
        {
            _app = await ListenAsync(_metrics, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"icpo.telemetry.listen = {address.Host}:{address.Port} ")
                    + $"cannot be used: {error.GetBaseException().Message.TrimEnd('.')}. Use an address of this machine and a free "
                    + "port, or port 0.",
                error
            );
        }

        report($"health and metrics: {ReadOnlyServer.AddressOf(_app).ToString().TrimEnd('/')}");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is { } app)
        {
            await app.StopAsync(cancellationToken).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }

        _metrics?.Dispose();
    }

    private async Task<WebApplication> ListenAsync(MeterProvider metrics, CancellationToken cancellationToken)
    {
        WebApplication app = await ReadOnlyServer.BuildAsync(address, MaxConnections, cancellationToken).ConfigureAwait(false);
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        app.MapGet("/healthz/live", () => Results.Ok());
        app.MapGet("/healthz/ready", () => isReady() ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return app;
    }
}
