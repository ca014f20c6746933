using System.Buffers.Binary;

namespace ICPO.Actors.Wire.Records;

/// <summary>
/// The TFRecord frame, little-endian: length (8 bytes), masked CRC-32C of the length (4), payload, masked CRC-32C of the
/// payload (4). Segment logs and TensorBoard event files share it.
/// </summary>
internal static class RecordFrame
{
    public const int HeaderLength = 12;
    public const int FooterLength = 4;

    /// <summary>Bytes that a frame adds to its payload.</summary>
    public const int Overhead = HeaderLength + FooterLength;

    /// <summary>Frames a payload into <paramref name="record"/>, which is exactly <see cref="Overhead"/> longer.</summary>
    /// <returns>CRC-32C of the payload, unmasked.</returns>
    public static uint Write(ReadOnlySpan<byte> payload, Span<byte> record)
    {
        uint checksum = Crc32C.Compute(payload);
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Crc32C.Mask(Crc32C.Compute(record[..8])));
        payload.CopyTo(record[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(HeaderLength + payload.Length)..], Crc32C.Mask(checksum));
        return checksum;
    }

    /// <summary>The payload's length; false if the header's checksum is wrong or the length exceeds that of an array.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int length)
    {
        ulong stored = BinaryPrimitives.ReadUInt64LittleEndian(header);
        bool valid =
            stored <= (ulong)(Array.MaxLength - Overhead)
            && BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == Crc32C.Mask(Crc32C.Compute(header[..8]));
        length = valid ? (int)stored : 0;
        return valid;
    }

    /// <summary>True if payload and footer (one after the other) belong together.</summary>
    public static bool Checks(ReadOnlySpan<byte> payloadAndFooter, out uint checksum)
    {
        checksum = Crc32C.Compute(payloadAndFooter[..^FooterLength]);
        return BinaryPrimitives.ReadUInt32LittleEndian(payloadAndFooter[^FooterLength..]) == Crc32C.Mask(checksum);
    }
}
