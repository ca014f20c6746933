using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Sends requests to one inference server. Failures that may pass are retried a few times.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const int Attempts = 3;
    private const int MaxAnswer = 256 << 20;
    private const int MaxText = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;

    /// <param name="server">The base URL, with a slash at its end.</param>
    /// <param name="key">The bearer token; null sends none.</param>
    /// <param name="timeout">Deadline of a request and its repetitions.</param>
    public ServerConnection(Uri server, string? key, TimeSpan timeout)
    {
        (Server, _timeout) = (server, timeout);
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), MaxConnectionsPerServer = int.MaxValue };
        _client = new HttpClient(handler)
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswer,
        };
        _client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Server { get; }

    /// <summary>Posts a request; returns the body of the answer.</summary>
    /// <exception cref="IOException">The server does not respond in time, or rejects the request; names it.</exception>
    public Task<string> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(path, () => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

    /// <summary>Reads a resource; returns the body of the answer.</summary>
    /// <exception cref="IOException">The server does not respond in time, or rejects the request; names it.</exception>
    public Task<string> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(path, () => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<string> SendAsync(string path, Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using HttpRequestMessage request = create();
                using HttpResponseMessage answer = await _client.SendAsync(request, deadline.Token).ConfigureAwait(false);
                string text = await answer.Content.ReadAsStringAsync(deadline.Token).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    return text;
                }

                if (attempt == Attempts || !MayPass(answer.StatusCode))
                {
                    throw new IOException($"{Server}{path} answered {(int)answer.StatusCode}: {Short(text)}");
                }
            }
            catch (Exception error) when (error is HttpRequestException or SocketException && attempt == Attempts)
            {
                throw new IOException($"{Server}{path} does not respond: {error.Message}", error);
            }
            catch (Exception error) when (error is HttpRequestException or SocketException)
            {
                // It may be restarting.
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException(
                    $"{Server}{path} has not answered within {_timeout.TotalSeconds:0.#} s (engine.openai.timeout).",
                    late
                );
            }

            await Task.Delay(attempt * Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    private static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > MaxText ? $"{line[..MaxText]}…" : line;
    }
}
