using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
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

    /// <summary>Time between two attempts; grows with their number.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Copies a file to a path, which exists only once the copy is complete.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist on the server.</exception>
    /// <exception cref="IOException">The server does not respond, or sends content that differs from its announcement.</exception>
    public async Task CopyAsync(Uri source, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await TryCopyAsync(source, path, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is HttpRequestException or IOException and not FileNotFoundException)
            {
                if (attempt == Attempts)
                {
                    throw new IOException($"{source} could not be fetched: {error.Message}", error);
                }

                await Task.Delay(Pause * attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task TryCopyAsync(Uri source, string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(source + "?chunks"), cancellationToken).ConfigureAwait(false);
        RequireFound(answer, source);
        ChunkList? chunks = await answer.Content.ReadFromJsonAsync<ChunkList>(cancellationToken).ConfigureAwait(false);
        if (chunks is not { IsConsistent: true })
        {
            throw new IOException($"{source} announced chunks that do not match its length");
        }

        string partial = path + ".part";
        await using (FileStream file = new(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            await FetchMissingAsync(source, chunks, file, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    private async Task FetchMissingAsync(Uri source, ChunkList chunks, FileStream file, CancellationToken cancellationToken)
    {
        int first = await VerifiedAsync(chunks, file, cancellationToken).ConfigureAwait(false);
        file.SetLength((long)first * chunks.ChunkLength < chunks.Length ? (long)first * chunks.ChunkLength : chunks.Length);
        if (first == chunks.Hashes.Length)
        {
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        request.Headers.Range = new RangeHeaderValue((long)first * chunks.ChunkLength, null);
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
            await content.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            if (!Matches(chunks, chunk, part.Span))
            {
                throw new IOException($"chunk {chunk} of {source} does not match its announced hash");
            }

            await file.WriteAsync(part, cancellationToken).ConfigureAwait(false);
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
