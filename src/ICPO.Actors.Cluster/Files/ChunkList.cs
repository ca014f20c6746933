using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ICPO.Actors.Cluster.Files;

/// <summary>The hashes of a file's chunks, so that a partial copy can be resumed and a wrong chunk is rejected immediately.</summary>
/// <param name="Length">Length of the file in bytes.</param>
/// <param name="ChunkLength">Length of every chunk except the last, in bytes.</param>
/// <param name="Hashes">SHA-256 of every chunk, lower-case hex.</param>
public sealed record ChunkList(long Length, int ChunkLength, ImmutableArray<string> Hashes)
{
    /// <summary>8 MiB.</summary>
    public const int DefaultChunkLength = 8 << 20;

    /// <summary>True if the values, which come from another process, are consistent.</summary>
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

    /// <summary>The length of a chunk in bytes.</summary>
    public int LengthOf(int chunk) => (int)Math.Min(ChunkLength, Length - ((long)chunk * ChunkLength));
}
