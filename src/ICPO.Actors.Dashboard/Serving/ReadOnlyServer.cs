using System.Net;
using ICPO.Actors.Configuration.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Dashboard.Serving;

/// <summary>An HTTP server that accepts no request bodies, handles no signals and writes no logs.</summary>
internal static class ReadOnlyServer
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A server that has not started.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The host has no address.</exception>
    public static async Task<WebApplication> BuildAsync(ListenAddress listen, int maxConnections, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        // The resolver refuses wildcard addresses.
        IPAddress host = IPAddress.TryParse(listen.Host, out IPAddress? address)
            ? address
            : (await Dns.GetHostAddressesAsync(listen.Host, cancellationToken).ConfigureAwait(false))[0];
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = maxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Listen(host, listen.Port);
        });
        return builder.Build();
    }

    /// <summary>The address of a server that has started.</summary>
    public static Uri AddressOf(WebApplication server) =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The server handles no signals; its host does.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
