using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ICPO.Actors.Cluster.Files;

namespace ICPO.Actors.Cluster.Tests.Files;

/// <summary>An HTTP server without a network that can break off and change what it sends.</summary>
internal sealed class FileServer(byte[] content, int chunkLength) : HttpMessageHandler
{
    /// <summary>Bytes that the next answers carry before the connection breaks.</summary>
    public Queue<int> BreaksAfter { get; } = new();

    /// <summary>Bytes sent in all.</summary>
    public long Sent { get; private set; }

    /// <summary>What is announced, where it is not the truth.</summary>
    public ChunkList? Announced { get; set; }

    public bool IsGone { get; set; }

    /// <summary>
    /// Requests whose connection breaks when it has just been established: HttpClient then throws the exception of the socket.
    /// </summary>
    public int Unconnected { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Unconnected-- > 0)
        {
            throw new SocketException((int)SocketError.NotConnected);
        }

        if (IsGone)
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        if (request.RequestUri!.Query == "?chunks")
        {
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(Announced ?? Chunks) };
        }

        int from = (int)(request.Headers.Range?.Ranges.Single().From ?? 0);
        byte[] rest = content[from..];
        byte[] sent = BreaksAfter.TryDequeue(out int bytes) && bytes < rest.Length ? rest[..bytes] : rest;
        Sent += sent.Length;
        await Task.CompletedTask;
        return new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new ByteArrayContent(sent),
        };
    }

    public ChunkList Chunks =>
        new(
            content.Length,
            chunkLength,
            [.. content.Chunk(chunkLength).Select(chunk => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(chunk)))]
        );
}
