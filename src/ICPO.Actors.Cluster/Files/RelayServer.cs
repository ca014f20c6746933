using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Cluster.Files;

/// <summary>Passes the weights that a node has fetched, or is fetching, on to other nodes.</summary>
internal sealed class RelayServer : IAsyncDisposable
{
    private const long MaxOffset = 1L << 50;
    private readonly WebApplication _app;

    private RelayServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>The base address at which other nodes reach it.</summary>
    public Uri Address { get; }

    /// <exception cref="IOException">The server cannot listen on the address.</exception>
    public static async Task<RelayServer> StartAsync(
        ClusterSettings settings,
        ClusterIdentity? identity,
        WeightsCache weights,
        CancellationToken cancellationToken
    )
    {
        WebApplication app = await FilesHost.BuildAsync(settings, identity, cancellationToken).ConfigureAwait(false);
        app.MapGet("/weights/{epoch:long}/{version:long}", (long epoch, long version, HttpContext http) =>
            SendAsync(http, weights.Held(epoch, version))
        );
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new RelayServer(app, FilesHost.AddressOf(app, settings, identity));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The file from the start of the requested range, as it arrives; a copy that fails ends the connection.</summary>
    private static async Task SendAsync(HttpContext http, GrowingFile? file)
    {
        if (file is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        CancellationToken aborted = http.RequestAborted;
        long from = http.Request.GetTypedHeaders().Range?.Ranges.FirstOrDefault()?.From ?? 0;
        try
        {
            long length = await file.LengthAsync(aborted).ConfigureAwait(false);
            if (from is < 0 or > MaxOffset || from > length)
            {
                http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.ContentLength = length - from;
            await file.CopyToAsync(http.Response.Body, from, aborted).ConfigureAwait(false);
        }
        catch (IOException)
        {
            http.Abort();
        }
    }
}
