using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// Blocks of the plain storage types to float32. The order of the operations is that of ggml's reference code, so that values
/// are equal to the last bit. A block holds its scale d (and minimum m) in float16 before its numbers q.
/// </summary>
internal static class GgufBlocks
{
    /// <summary>Whole blocks to as many values.</summary>
    public delegate void Reader(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>The reader of a type; null if there is none.</summary>
    public static Reader? Find(string type) =>
        type switch
        {
            "F32" => F32,
            "F16" => F16,
            "BF16" => BF16,
            "Q8_0" => Q8,
            "Q4_0" => (blocks, values) => Small(blocks, values, 18, hasMinimum: false, hasFifthBit: false),
            "Q4_1" => (blocks, values) => Small(blocks, values, 20, hasMinimum: true, hasFifthBit: false),
            "Q5_0" => (blocks, values) => Small(blocks, values, 22, hasMinimum: false, hasFifthBit: true),
            "Q5_1" => (blocks, values) => Small(blocks, values, 24, hasMinimum: true, hasFifthBit: true),
            "Q4_K" => (blocks, values) => GgufSuperBlocks.Q45(blocks, values, hasFifthBit: false),
            "Q5_K" => (blocks, values) => GgufSuperBlocks.Q45(blocks, values, hasFifthBit: true),
            "Q6_K" => GgufSuperBlocks.Q6,
            _ => null,
        };

    public static float Half(ReadOnlySpan<byte> at) => (float)BinaryPrimitives.ReadHalfLittleEndian(at);

    private static void F32(ReadOnlySpan<byte> blocks, Span<float> values) => MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);

    private static void F16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Half(blocks[(2 * i)..]);
        }
    }

    private static void BF16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(blocks[(2 * i)..]) << 16);
        }
    }

    /// <summary>d, then 32 signed bytes: d·q.</summary>
    private static void Q8(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[34..], values = values[32..])
        {
            float d = Half(blocks);
            ReadOnlySpan<sbyte> q = MemoryMarshal.Cast<byte, sbyte>(blocks.Slice(2, 32));
            for (int i = 0; i < 32; i++)
            {
                values[i] = d * q[i];
            }
        }
    }

    /// <summary>
    /// d, perhaps m, perhaps 32 fifth bits, then 16 bytes whose low halves are elements 0 … 15 and whose high halves 16 … 31:
    /// d·q + m, or d·(q − 8) and d·(q − 16) without m.
    /// </summary>
    private static void Small(ReadOnlySpan<byte> blocks, Span<float> values, int size, bool hasMinimum, bool hasFifthBit)
    {
        int zero =
            hasMinimum ? 0
            : hasFifthBit ? 16
            : 8;
        for (; values.Length > 0; blocks = blocks[size..], values = values[32..])
        {
            float d = Half(blocks);
            float m = hasMinimum ? Half(blocks[2..]) : 0;
            uint high = hasFifthBit ? BinaryPrimitives.ReadUInt32LittleEndian(blocks[(size - 20)..]) : 0;
            ReadOnlySpan<byte> q = blocks.Slice(size - 16, 16);
            for (int i = 0; i < 16; i++)
            {
                int low = (q[i] & 15) | ((int)((high >> i) & 1) << 4);
                int up = (q[i] >> 4) | ((int)((high >> (i + 16)) & 1) << 4);
                values[i] = hasMinimum ? (d * low) + m : d * (low - zero);
                values[i + 16] = hasMinimum ? (d * up) + m : d * (up - zero);
            }
        }
    }
}
