using System.Security.Cryptography;

namespace ICPO.DataFiles.Files;

/// <summary>What identifies the content of a file.</summary>
/// <param name="Sha256">The SHA-256 of the whole file, lower-case hex.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">Changes whenever the content may have changed; null if the system has no such mark.</param>
public sealed record FileFingerprint(string Sha256, long Length, string? Stamp)
{
    /// <summary>Smaller files are read every time: that costs less than a fraction of a second.</summary>
    private const long ReuseFrom = 64L << 20;

    private const int Block = 1 << 20;

    /// <summary>Reads the file, unless it is large and its stamp shows that it is still the one that was read before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">An earlier fingerprint of the same file.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileFingerprint Compute(string path, FileFingerprint? known = null) => Compute(path, known, ReuseFrom, FileStamp.Settled);

    internal static FileFingerprint Compute(string path, FileFingerprint? known, long reuseFrom, TimeSpan settled)
    {
        string? stamp = FileStamp.Read(path, settled);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (known is { Stamp: not null } && file.Length >= reuseFrom && (known.Length, known.Stamp) == (file.Length, stamp))
        {
            return known;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[(int)Math.Clamp(file.Length, 1, Block)];
        long length = 0;
        for (int read; (read = file.Read(block)) > 0; length += read)
        {
            hash.AppendData(block.AsSpan(0, read));
        }

        // A file that changed while it was read is read again the next time.
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), length, stamp == FileStamp.Read(path, settled) ? stamp : null);
    }
}
