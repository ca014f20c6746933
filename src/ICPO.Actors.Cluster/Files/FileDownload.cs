using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ICPO.Actors.Cluster.Files;

/// <summary>
/// Copies a file over HTTP chunk by chunk. Every chunk is verified before it is kept; a partial copy, left by a broken connection or the
/// end of the process, is resumed.
/// </summary>
/// <param name="client">The HTTP client of the server.</param>
internal sealed class FileDownload(HttpClient client)
{
    private const int Attempts = 5;

    /// <summary>A server that sends nothing for this time has failed.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    /// <summary>Time between two attempts; grows with their number.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Copies a file to a path, which exists only once the copy is complete.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist on the server.</exception>
    /// <exception cref="IOException">The server does not respond, or sends content that differs from its announcement.</exception>
    public Task CopyAsync(Uri source, string path, CancellationToken cancellationToken) =>
        CopyAsync(source, new GrowingFile(path, isRead: false), [], cancellationToken);

    /// <summary>Copies a file of which others read while it arrives, from servers that have a copy of it if possible.</summary>
    /// <param name="source">The file's server, which announces the hashes of its chunks.</param>
    /// <param name="file">The copy.</param>
    /// <param name="relays">Addresses of copies, which are tried first, each once.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <returns>True if no relay failed.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist on the server.</exception>
    /// <exception cref="IOException">The server does not respond, or sends content that differs from its announcement.</exception>
    public async Task<bool> CopyAsync(Uri source, GrowingFile file, ImmutableArray<Uri> relays, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                bool wereRight = await TryCopyAsync(source, file, attempt == 1 ? relays : [], cancellationToken).ConfigureAwait(false);
                return wereRight && attempt == 1;
            }
            catch (Exception error) when (error is HttpRequestException or SocketException or IOException and not FileNotFoundException)
            {
                if (attempt == Attempts)
                {
                    throw new IOException($"{source} could not be fetched: {error.Message}", error);
                }

                await Task.Delay(Pause * attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryCopyAsync(Uri source, GrowingFile copy, ImmutableArray<Uri> relays, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(source + "?chunks"), cancellationToken).ConfigureAwait(false);
        RequireFound(answer, source);
        ChunkList? chunks = await answer.Content.ReadFromJsonAsync<ChunkList>(cancellationToken).ConfigureAwait(false);
        if (chunks is not { IsConsistent: true })
        {
            throw new IOException($"{source} announced chunks that do not match its length");
        }

        bool relaysWereRight = true;
        await using (FileStream file = new(copy.PartialPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, copy.Share))
        {
            foreach (Uri relay in relays)
            {
                try
                {
                    await FetchMissingAsync(relay, chunks, file, copy, cancellationToken).ConfigureAwait(false);
                    break;
                }
                catch (Exception error) when (IsOfRelay(error, cancellationToken))
                {
                    relaysWereRight = false;
                }
            }

            await FetchMissingAsync(source, chunks, file, copy, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(copy.PartialPath, copy.Path, overwrite: true);
        return relaysWereRight;
    }

    /// <summary>A relay that is away, slow or wrong is left for the next one or the core.</summary>
    private static bool IsOfRelay(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or SocketException or IOException
        || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task FetchMissingAsync(
        Uri source,
        ChunkList chunks,
        FileStream file,
        GrowingFile copy,
        CancellationToken cancellationToken
    )
    {
        file.Position = 0;
        int first = await VerifiedAsync(chunks, file, cancellationToken).ConfigureAwait(false);
        long begun = Math.Min((long)first * chunks.ChunkLength, chunks.Length);
        file.SetLength(begun);
        copy.Grow(begun, chunks.Length);
        if (first == chunks.Hashes.Length)
        {
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        request.Headers.Range = new RangeHeaderValue(begun, null);
        using HttpResponseMessage answer = await client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        RequireFound(answer, source);
        if (first > 0 && answer.StatusCode != HttpStatusCode.PartialContent)
        {
            throw new IOException($"{source} does not support resuming a partial copy");
        }

        await using Stream content = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        file.Seek(0, SeekOrigin.End);
        byte[] buffer = new byte[chunks.ChunkLength];
        for (int chunk = first; chunk < chunks.Hashes.Length; chunk++)
        {
            Memory<byte> part = buffer.AsMemory(0, chunks.LengthOf(chunk));
            await ReadAsync(source, content, part, cancellationToken).ConfigureAwait(false);
            if (!Matches(chunks, chunk, part.Span))
            {
                throw new IOException($"chunk {chunk} of {source} does not match its announced hash");
            }

            await file.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            copy.Grow(file.Position, chunks.Length);
        }
    }

    private static async Task ReadAsync(Uri source, Stream content, Memory<byte> part, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (part.Length > 0)
        {
            deadline.CancelAfter(Stall);
            int read;
            try
            {
                read = await content.ReadAsync(part, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"{source} sent nothing for {Stall.TotalSeconds:0} s", error);
            }

            part = read > 0 ? part[read..] : throw new EndOfStreamException($"{source} ended before its announced length");
        }
    }

    /// <summary>The number of valid chunks that an earlier attempt has left.</summary>
    private static async Task<int> VerifiedAsync(ChunkList chunks, FileStream file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[chunks.ChunkLength];
        int chunk = 0;
        for (; chunk < chunks.Hashes.Length; chunk++)
        {
            Memory<byte> part = buffer.AsMemory(0, chunks.LengthOf(chunk));
            int read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < part.Length || !Matches(chunks, chunk, part.Span))
            {
                break;
            }
        }

        return chunk;
    }

    private static bool Matches(ChunkList chunks, int chunk, ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(bytes)) == chunks.Hashes[chunk];

    private static void RequireFound(HttpResponseMessage answer, Uri source)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            throw new FileNotFoundException($"{source} does not exist.");
        }

        answer.EnsureSuccessStatusCode();
    }
}
