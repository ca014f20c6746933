using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Wire.Records;

namespace ICPO.Actors.Wire.Segments;

/// <summary>References to payloads that are stored individually, and the verification of their content.</summary>
public static class StoredBlob
{
    /// <summary>Creates the reference to a payload at this location.</summary>
    public static BlobRef Refer(int segment, long offset, ReadOnlySpan<byte> payload) =>
        new(segment, offset, payload.Length, Crc32C.Compute(payload));

    /// <summary>Returns the stored payload of a reference if it is what was appended.</summary>
    /// <param name="blob">The reference.</param>
    /// <param name="stored">The bytes that were read; null if there are none.</param>
    /// <param name="place">Names the store in messages.</param>
    /// <exception cref="InvalidDataException">It is missing or damaged; names the location.</exception>
    public static byte[] Check(BlobRef blob, byte[]? stored, string place)
    {
        if (stored is null)
        {
            throw new InvalidDataException($"{place}: payload {blob} is missing; the journal refers to it. Restore it from a copy.");
        }

        return stored.Length == blob.Length && Crc32C.Compute(stored) == blob.Checksum
            ? stored
            : throw new InvalidDataException(
                $"{place}: payload {blob} is damaged: its {stored.Length} bytes do not have the recorded length and checksum. Restore it "
                    + "from a copy."
            );
    }
}
