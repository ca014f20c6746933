using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.Cluster.Files;

namespace ICPO.Actors.Cluster.Tests.Files;

/// <summary>A core that has one version of the weights; requests to other hosts than <c>core</c> go over the network.</summary>
internal sealed class CoreDouble(byte[] content, int chunkLength) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly RelayTable _relays = new();
    private long _sent;

    public static Uri Address { get; } = new("http://core/");

    /// <summary>Bytes of the weights that it has sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Relays that it names before those of its table.</summary>
    public ImmutableArray<Uri> Named { get; init; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        if (address.Host != Address.Host)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (request.Method == HttpMethod.Post)
        {
            Relay? relay = await request.Content!.ReadFromJsonAsync<Relay>(cancellationToken);
            return Json(Named.AddRange(_relays.Sources(1, 2, relay!.Address)));
        }

        if (address.Query == "?chunks")
        {
            IEnumerable<string> hashes = content.Chunk(chunkLength).Select(chunk => Convert.ToHexStringLower(SHA256.HashData(chunk)));
            return Json(new ChunkList(content.Length, chunkLength, [.. hashes]));
        }

        byte[] rest = content[(int)(request.Headers.Range?.Ranges.Single().From ?? 0)..];
        Interlocked.Add(ref _sent, rest.Length);
        return new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(rest) };
    }

    private static HttpResponseMessage Json<T>(T value) => new(HttpStatusCode.OK) { Content = JsonContent.Create(value) };
}
