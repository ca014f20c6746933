using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// The K types to float32: super-blocks of 256 elements, whose sub-blocks have separate integer scales. As exact as
/// <see cref="GgufBlocks"/>.
/// </summary>
internal static class GgufSuperBlocks
{
    /// <summary>
    /// Q4_K and Q5_K: d and dmin, eight 6-bit scales s and minima m in 12 bytes, in Q5_K 32 bytes of fifth bits, then 128 bytes; sub-block
    /// j of 32 elements is d·s_j·q − dmin·m_j, and 32 bytes hold sub-blocks 2g (low halves) and 2g + 1 (high halves).
    /// </summary>
    public static void Q45(ReadOnlySpan<byte> blocks, Span<float> values, bool hasFifthBit)
    {
        int size = hasFifthBit ? 176 : 144;
        for (; values.Length > 0; blocks = blocks[size..], values = values[256..])
        {
            (float d, float least) = (GgufBlocks.Half(blocks), GgufBlocks.Half(blocks[2..]));
            ReadOnlySpan<byte> scales = blocks.Slice(4, 12);
            ReadOnlySpan<byte> high = hasFifthBit ? blocks.Slice(16, 32) : default;
            ReadOnlySpan<byte> q = blocks.Slice(size - 128, 128);
            for (int j = 0; j < 8; j++)
            {
                (int scale, int minimum) =
                    j < 4
                        ? (scales[j] & 63, scales[j + 4] & 63)
                        : ((scales[j + 4] & 15) | ((scales[j - 4] >> 6) << 4), (scales[j + 4] >> 4) | ((scales[j] >> 6) << 4));
                (float step, float start) = (d * scale, least * minimum);
                ReadOnlySpan<byte> bytes = q.Slice(j / 2 * 32, 32);
                for (int i = 0; i < 32; i++)
                {
                    int number = (j & 1) == 0 ? bytes[i] & 15 : bytes[i] >> 4;
                    number |= hasFifthBit ? ((high[i] >> j) & 1) << 4 : 0;
                    values[(32 * j) + i] = (step * number) - start;
                }
            }
        }
    }

    /// <summary>
    /// Q6_K: 128 bytes of low halves, 64 bytes of upper bit pairs, sixteen signed scales s, d: sub-block j of 16 elements is d·s_j·(q −
    /// 32).
    /// Of each half of the super-block, 64 bytes hold elements 0 … 63 in their low halves and 64 … 127 in their high halves.
    /// </summary>
    public static void Q6(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; blocks = blocks[210..], values = values[256..])
        {
            ReadOnlySpan<sbyte> scales = MemoryMarshal.Cast<byte, sbyte>(blocks.Slice(192, 16));
            float d = GgufBlocks.Half(blocks[208..]);
            for (int i = 0; i < 256; i++)
            {
                (int half, int at) = (i / 128, i % 128);
                byte low = blocks[(64 * half) + (at % 64)];
                int upper = (blocks[128 + (32 * half) + (at % 32)] >> (at / 32 * 2)) & 3;
                int number = (at < 64 ? low & 15 : low >> 4) | (upper << 4);
                values[i] = d * scales[i / 16] * (number - 32);
            }
        }
    }
}
