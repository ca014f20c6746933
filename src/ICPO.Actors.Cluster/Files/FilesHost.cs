using System.Globalization;
using System.Net;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Files;

/// <summary>An HTTP server of a member of the cluster. With TLS a client must show a certificate of the cluster.</summary>
internal static class FilesHost
{
    /// <summary>A server on <c>cluster.host</c> and <c>cluster.files-port</c> that has not started.</summary>
    public static async Task<WebApplication> BuildAsync(
        ClusterSettings settings,
        ClusterIdentity? identity,
        CancellationToken cancellationToken
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        IPAddress address = (await Dns.GetHostAddressesAsync(settings.Host, cancellationToken).ConfigureAwait(false))[0];
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 << 10;
            kestrel.Listen(address, settings.FilesPort, listen =>
            {
                if (identity is not null)
                {
                    listen.UseHttps(
                        new HttpsConnectionAdapterOptions
                        {
                            ServerCertificate = identity.Certificate,
                            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                            ClientCertificateValidation = (peer, _, _) => identity.IsMember(peer),
                        }
                    );
                }
            });
        });
        return builder.Build();
    }

    /// <summary>The base address at which the others reach a server that has started.</summary>
    public static Uri AddressOf(WebApplication server, ClusterSettings settings, ClusterIdentity? identity)
    {
        string bound = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        string host = settings.Host.Contains(':', StringComparison.Ordinal) ? $"[{settings.Host}]" : settings.Host;
        return new Uri(
            string.Create(CultureInfo.InvariantCulture, $"{(identity is null ? "http" : "https")}://{host}:{new Uri(bound).Port}/")
        );
    }
}
