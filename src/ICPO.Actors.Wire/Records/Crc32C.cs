using System.Buffers.Binary;
using System.Numerics;

namespace ICPO.Actors.Wire.Records;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4). The runtime takes the processor's instruction where there is one, a table elsewhere.
/// </summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>The form that record files store, so that a record within a record does not check by accident (TFRecord).</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + 0xA282EAD8;
}
