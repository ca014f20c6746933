using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Cluster.Core;

/// <summary>
/// The HTTP server of the core: weights and model with ranges, the state of the cluster, and health. With TLS a client must show a
/// certificate of the cluster.
/// </summary>
internal sealed class FilesServer(ClusterSettings settings, ClusterIdentity? identity, CoreEndpoint core) : IHostedService, IAsyncDisposable
{
    private const int MaxAddress = 256;
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplication app = await FilesHost.BuildAsync(settings, identity, cancellationToken).ConfigureAwait(false);
        Map(app);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        _app = app;
        core.Files = FilesHost.AddressOf(app, settings, identity);
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
        app.MapPost("/weights/{epoch:long}/{version:long}/sources", (long epoch, long version, Relay relay) =>
            relay.Address is { } address && !IsAddress(address)
                ? Results.BadRequest()
                : Results.Json(core.Sources(epoch, version, relay.Address))
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

    private bool IsAddress(Uri address) =>
        address.IsAbsoluteUri
        && address.Scheme == (identity is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)
        && address.OriginalString.Length <= MaxAddress;

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
