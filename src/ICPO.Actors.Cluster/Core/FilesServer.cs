using System.Globalization;
using System.Net;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Core;

/// <summary>
/// The HTTP server of the core: weights and model with ranges, the state of the cluster, and health. With TLS a client must show a
/// certificate of the cluster.
/// </summary>
internal sealed class FilesServer(ClusterSettings settings, ClusterIdentity? identity, CoreEndpoint core) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
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
        WebApplication app = builder.Build();
        Map(app);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        _app = app;
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        string host = settings.Host.Contains(':', StringComparison.Ordinal) ? $"[{settings.Host}]" : settings.Host;
        core.Files = new Uri(
            string.Create(CultureInfo.InvariantCulture, $"{(identity is null ? "http" : "https")}://{host}:{new Uri(bound).Port}/")
        );
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        core.Close();
        if (_app is { } app)
        {
            await app.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Map(WebApplication app)
    {
        app.MapGet("/weights/{epoch:long}/{version:long}", (long epoch, long version, HttpContext http) =>
            SendAsync(http, core.WeightsPath(epoch, version))
        );
        app.MapGet("/model/{**name}", (string name, HttpContext http) => SendAsync(http, core.ModelPath(name)));
        app.MapGet("/adapter/{**name}", (string name, HttpContext http) => SendAsync(http, core.AdapterPath(name)));
        app.MapGet("/standby/{**name}", (string name, HttpContext http) => SendAsync(http, core.StandbyPath(name)));
        app.MapPost("/standby", (StandbyStatus standby) => Results.Json(core.Report(standby)));
        app.MapGet("/status", async () => Results.Json(await core.StatusAsync().ConfigureAwait(false)));
        app.MapPost("/nodes/{name}/drain", async (string name) =>
            await core.DrainAsync(Uri.UnescapeDataString(name)).ConfigureAwait(false) ? Results.Ok() : Results.NotFound()
        );
        app.MapPost("/stop", () =>
        {
            core.Stop();
            return Results.Accepted();
        });
        app.MapGet("/healthz/live", () => Results.Ok());
        app.MapGet("/healthz/ready", () => core.IsReady ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
    }

    /// <summary>The file with ranges, or with <c>?chunks</c> the hashes of its chunks.</summary>
    private async Task<IResult> SendAsync(HttpContext http, string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return Results.NotFound();
        }

        return http.Request.Query.ContainsKey("chunks")
            ? Results.Json(await core.ChunksAsync(path).ConfigureAwait(false))
            : Results.File(path, enableRangeProcessing: true);
    }
}
