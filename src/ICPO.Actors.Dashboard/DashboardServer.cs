using System.Net;
using System.Net.Sockets;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard.Api;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.Dashboard.Security;
using ICPO.Actors.Dashboard.Serving;
using Microsoft.AspNetCore.Builder;

namespace ICPO.Actors.Dashboard;

/// <summary>
/// Serves pages that show running, completed and crashed runs from their files. It is stateless and read-only: it does not lock or change
/// files, and accepts only GET and HEAD requests.
/// </summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private const int MaxConnections = 128;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunFinder _finder;
    private readonly string? _key;
    private WebApplication? _app;

    private DashboardServer(DashboardOptions options)
    {
        _finder = new RunFinder(options.Time, new TokenTexts(options.OpenTokenizer));
        _key = options.Key ?? (RequestGuard.IsLoopback(options.Listen.Host) ? null : AccessKey.Create());
    }

    /// <summary>The address to open in a browser, with the key if one is required.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts to listen; <see cref="Show"/> adds runs.</summary>
    /// <exception cref="IOException">The server cannot listen on the address; names it.</exception>
    public static async Task<DashboardServer> StartAsync(DashboardOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new DashboardServer(options);
        try
        {
            await server.ListenAsync(options, cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new IOException(
                $"The dashboard cannot listen on {options.Listen.Host}:{options.Listen.Port} "
                    + $"({error.GetBaseException().Message.TrimEnd('.')}); use an address of this machine and a free port, or port 0.",
                error
            );
        }
    }

    /// <summary>Shows runs.</summary>
    /// <param name="directories">Run directories, or directories that contain some; they are searched again while the page is open.</param>
    public void Show(params IEnumerable<string> directories) => _finder.Add(directories);

    /// <summary>Shows runs whose journal is on a PostgreSQL server, without their directories.</summary>
    /// <param name="journal">The connection string of the server.</param>
    /// <param name="runs">The ids of the runs (<c>run.id</c>); all of the server if there are none.</param>
    /// <exception cref="ArgumentException">The connection string does not name a PostgreSQL server.</exception>
    /// <exception cref="IOException">The server cannot be read, or has no such run; names it.</exception>
    public void ShowJournal(string journal, params IReadOnlyCollection<string> runs)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var server = JournalConnection.Parse(journal);
        if (!server.IsServer)
        {
            throw new ArgumentException("A SQLite file is in a run directory; show that directory.", nameof(journal));
        }

        _finder.AddServer(server.ConnectionString, runs);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_app is { } app)
        {
            using var deadline = new CancellationTokenSource(StopTimeout);
            await app.StopAsync(deadline.Token).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }

        _finder.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync(DashboardOptions options, CancellationToken cancellationToken)
    {
        _app = await ReadOnlyServer.BuildAsync(options.Listen, MaxConnections, cancellationToken).ConfigureAwait(false);
        var guard = new RequestGuard(_key is null ? null : new AccessKey(_key));
        _app.Use((context, next) => guard.InvokeAsync(context, next));
        WebFiles.Map(_app);
        new DashboardApi(_finder, options.Time, _stopping.Token).Map(_app);
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        Uri bound = Reachable(ReadOnlyServer.AddressOf(_app));
        Address = new Uri(bound, _key is null ? "/" : $"/?key={Uri.EscapeDataString(_key)}");
    }

    /// <summary>A wildcard address cannot be opened in a browser; this machine's name can.</summary>
    private static Uri Reachable(Uri bound) =>
        IPAddress.TryParse(bound.Host, out IPAddress? host) && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(bound) { Host = Environment.MachineName }.Uri
            : bound;
}
