using System.Net;
using System.Net.Sockets;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Api;
using ICPO.Actors.Serving.Requests;
using ICPO.Actors.Serving.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Serving;

/// <summary>
/// Serves a model over HTTP, as OpenAI-compatible servers do: <c>/v1/models</c>, <c>/v1/completions</c>, <c>/v1/chat/completions</c> and
/// <c>/health</c>. The requests of all clients are generated together.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LanguageModel _model;
    private readonly ServingOptions _options;
    private readonly RequestGate _gate;
    private WebApplication? _app;
    private int _disposed;

    private ModelServer(LanguageModel model, ServingOptions options)
    {
        (_model, _options, _gate) = (model, options, new RequestGate(options.MaxRequests));
        Key = options.Key ?? (ClientGuard.IsLoopback(options.Listen.Host) ? null : ClientGuard.CreateKey());
        Name = options.Name ?? NameOf(model.Path);
    }

    /// <summary>The base address for clients, which ends in <c>/v1</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The key that requests must have; null if none is required.</summary>
    public string? Key { get; }

    /// <summary>The name that requests give the model.</summary>
    public string Name { get; }

    /// <summary>
    /// Fails if the model cannot compute anymore; every request fails from then on. Canceled when the server is disposed.
    /// </summary>
    public Task Completion => _ended.Task;

    /// <summary>The name of a model's directory, or of its file without the extension.</summary>
    public static string NameOf(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return File.Exists(full) ? Path.GetFileNameWithoutExtension(full) : Path.GetFileName(full);
    }

    /// <summary>Starts to serve a model.</summary>
    /// <param name="model">The model; not disposed by the server.</param>
    /// <param name="options">How it is served; null takes the defaults.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The server cannot listen on the address; names it.</exception>
    public static async Task<ModelServer> StartAsync(
        LanguageModel model,
        ServingOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ServingOptions();
        var server = new ModelServer(model, options);
        try
        {
            await server.ListenAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new IOException(
                $"The model cannot be served on {options.Listen.Host}:{options.Listen.Port} "
                    + $"({error.GetBaseException().Message.TrimEnd('.')}); use an address of this machine and a free port, or port 0.",
                error
            );
        }
    }

    /// <summary>
    /// Stops: no request is accepted anymore, those that are being answered get <see cref="ServingOptions.DrainTimeout"/> to complete.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _gate.CloseAsync().WaitAsync(_options.DrainTimeout, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_app is { } app)
        {
            using var deadline = new CancellationTokenSource(StopTimeout);
            await app.StopAsync(deadline.Token).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }

        _ended.TrySetCanceled();
        _stopping.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        // The resolver refuses wildcard addresses.
        IPAddress host = IPAddress.TryParse(_options.Listen.Host, out IPAddress? address)
            ? address
            : (await Dns.GetHostAddressesAsync(_options.Listen.Host, cancellationToken).ConfigureAwait(false))[0];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = _options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = _options.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Listen(host, _options.Listen.Port);
        });
        WebApplication app = builder.Build();
        var guard = new ClientGuard(Key);
        app.Use((context, next) => guard.InvokeAsync(context, next));
        var served = new ServedModel(_model, Name, _options.Time.GetUtcNow().ToUnixTimeSeconds(), _options.MaxChoices);
        new ServingApi(served, new RequestScope(_gate, _options.RequestTimeout, _options.Time, Report, _stopping.Token)).Map(app);
        _app = app;
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        bool isAny = host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any);
        Address = new UriBuilder(bound) { Host = isAny ? Environment.MachineName : new Uri(bound).Host, Path = "/v1" }.Uri;
    }

    private void Report(Exception error)
    {
        if (_model.HasEnded)
        {
            _ended.TrySetException(error);
        }
    }

    /// <summary>The server handles no signals; its host does.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
