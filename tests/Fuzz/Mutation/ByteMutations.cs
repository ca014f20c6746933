using System.Buffers.Binary;

namespace Fuzz.Mutation;

/// <summary>Changes that know nothing about a format.</summary>
internal static class ByteMutations
{
    private static readonly long[] Edges =
    [
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        int.MaxValue,
        int.MinValue,
        1L << 30,
        1L << 32,
    ];

    /// <param name="bytes">Is changed in place.</param>
    /// <param name="draws">Decide what happens where.</param>
    /// <param name="others">Seeds of the same format, for pieces of them.</param>
    /// <param name="most">The longest that it may become.</param>
    public static void Apply(List<byte> bytes, Draws draws, IReadOnlyList<byte[]> others, int most)
    {
        int at = draws.Below(bytes.Count + 1);
        int length = Math.Min(draws.Size(64), bytes.Count - at);
        switch (draws.Below(10))
        {
            case 0 when bytes.Count > 0:
                at = Math.Min(at, bytes.Count - 1);
                bytes[at] ^= (byte)(1 << draws.Below(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[Math.Min(at, bytes.Count - 1)] = draws.Byte();
                break;
            case 2:
                bytes.Insert(at, draws.Byte());
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(draws.Below(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                Repeat(bytes, at, length, draws.Size(20_000), most);
                break;
            case 6:
                byte[] other = draws.Of(others);
                int from = draws.Below(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(draws.Size(512), other.Length - from)).ToArray());
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                Number(bytes, at, draws);
                break;
            default:
                for (int i = at; i < at + length; i++)
                {
                    bytes[i] = draws.Byte();
                }

                break;
        }
    }

    public static void Repeat(List<byte> bytes, int at, int length, int times, int most)
    {
        if (length > 0 && times * (long)length + bytes.Count <= most)
        {
            byte[] piece = [.. bytes.GetRange(at, length)];
            bytes.InsertRange(at, Enumerable.Repeat(piece, times).SelectMany(p => p));
        }
    }

    /// <summary>A length or count at the edge of what its type can hold.</summary>
    private static void Number(List<byte> bytes, int at, Draws draws)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, draws.Of(Edges) + draws.Below(3) - 1);
        int width = draws.Of([1, 2, 4, 8]);
        for (int i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
