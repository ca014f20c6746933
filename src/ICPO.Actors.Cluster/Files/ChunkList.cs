using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ICPO.Actors.Cluster.Files;

/// <summary>The hashes of a file's chunks, so that a partial copy can be continued and a wrong chunk is refused at once.</summary>
/// <param name="Length">Of the file, in bytes.</param>
/// <param name="ChunkLength">Of every chunk but the last, in bytes.</param>
/// <param name="Hashes">SHA-256 of every chunk, lower-case hex.</param>
public sealed record ChunkList(long Length, int ChunkLength, ImmutableArray<string> Hashes)
{
    /// <summary>8 MiB.</summary>
    public const int DefaultChunkLength = 8 << 20;

    /// <summary>True where the numbers fit each other; they come from another process.</summary>
    public bool IsConsistent =>
        Length >= 0 && ChunkLength is > 0 and <= 64 << 20 && !Hashes.IsDefault && Hashes.Length == (Length + ChunkLength - 1) / ChunkLength;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ChunkList> ComputeAsync(string path, CancellationToken cancellationToken = default)
    {
        await using FileStream file = File.OpenRead(path);
        byte[] chunk = new byte[DefaultChunkLength];
        ImmutableArray<string>.Builder hashes = ImmutableArray.CreateBuilder<string>();
        int read;
        while (
            (read = await file.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
            > 0
        )
        {
            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(chunk.AsSpan(0, read))));
        }

        return new ChunkList(file.Length, DefaultChunkLength, hashes.ToImmutable());
    }

    /// <summary>Bytes of a chunk.</summary>
    public int LengthOf(int chunk) => (int)Math.Min(ChunkLength, Length - ((long)chunk * ChunkLength));
}
