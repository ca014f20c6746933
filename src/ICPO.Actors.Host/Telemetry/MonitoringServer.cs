using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Metrics.Sinks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);
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

        string bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        report($"health and metrics: {bound}");
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
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        // The resolver refuses wildcard addresses.
        IPAddress host = IPAddress.TryParse(address.Host, out IPAddress? literal)
            ? literal
            : (await Dns.GetHostAddressesAsync(address.Host, cancellationToken).ConfigureAwait(false))[0];
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Listen(host, address.Port);
        });
        WebApplication app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        app.MapGet("/healthz/live", () => Results.Ok());
        app.MapGet("/healthz/ready", () => isReady() ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return app;
    }

    /// <summary>The server handles no signals; the command does.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
