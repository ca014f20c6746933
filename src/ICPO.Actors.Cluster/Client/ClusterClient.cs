using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Client;

/// <summary>Queries the state of a cluster from its core, drains nodes, and stops the run.</summary>
public sealed class ClusterClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly ClusterIdentity? _identity;
    private readonly HttpClient _client;
    private readonly Uri _core;

    /// <param name="core">Base address of the core's HTTP server.</param>
    /// <param name="tls">TLS of the cluster; null for plain text.</param>
    /// <exception cref="Configuration.ConfigurationException">A certificate cannot be used.</exception>
    public ClusterClient(Uri core, TlsSettings? tls)
    {
        (_core, _identity) = (core, ClusterIdentity.Open(tls));
        var handler = new SocketsHttpHandler { ConnectTimeout = Timeout };
        if (_identity is not null)
        {
            handler.SslOptions = _identity.Client;
        }

        _client = new HttpClient(handler) { Timeout = Timeout };
    }

    /// <exception cref="IOException">The core does not respond.</exception>
    public Task<ClusterStatus> StatusAsync(CancellationToken cancellationToken = default) =>
        AskAsync(async () =>
            await _client.GetFromJsonAsync<ClusterStatus>(new Uri(_core, "status"), cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"{_core} returned no status.")
        );

    /// <summary>Drains a node: it delivers its rollouts and ends. False if no node has the name.</summary>
    /// <exception cref="IOException">The core does not respond.</exception>
    public Task<bool> DrainAsync(string node, CancellationToken cancellationToken = default) =>
        AskAsync(async () =>
        {
            var address = new Uri(_core, $"nodes/{Uri.EscapeDataString(node)}/drain");
            using HttpResponseMessage answer = await _client.PostAsync(address, null, cancellationToken).ConfigureAwait(false);
            return answer.StatusCode != HttpStatusCode.NotFound && answer.EnsureSuccessStatusCode().IsSuccessStatusCode;
        });

    /// <summary>Stops the run after the update in progress; its nodes end.</summary>
    /// <exception cref="IOException">The core does not respond.</exception>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        AskAsync(async () =>
        {
            using HttpResponseMessage answer = await _client
                .PostAsync(new Uri(_core, "stop"), null, cancellationToken)
                .ConfigureAwait(false);
            return answer.EnsureSuccessStatusCode().IsSuccessStatusCode;
        });

    public void Dispose()
    {
        _client.Dispose();
        _identity?.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is HttpRequestException or SocketException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new IOException(
                $"The core at {_core} does not respond: {Innermost(error).Message}. If another learner has taken over the run, name its "
                    + "directory, or start this learner again.",
                error
            );
        }
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
