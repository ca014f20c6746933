using System.Buffers.Binary;

namespace ICPO.DataFiles.Parquet;

/// <summary>The integer encodings of Parquet pages.</summary>
internal static class ParquetBits
{
    /// <summary>Decodes the RLE/bit-packing hybrid.</summary>
    /// <exception cref="FormatException">There are too few bytes.</exception>
    public static void Hybrid(ReadOnlySpan<byte> bytes, int width, Span<int> numbers)
    {
        if (width is < 0 or > 32)
        {
            throw new FormatException($"numbers of {width} bits");
        }

        (int position, int filled) = (0, 0);
        while (filled < numbers.Length)
        {
            ulong head = ThriftStruct.Varint(bytes, ref position);
            if ((head & 1) == 0)
            {
                int size = (width + 7) / 8;
                int value = 0;
                for (int i = 0; i < size; i++)
                {
                    value |= (position < bytes.Length ? bytes[position++] : throw new FormatException("a run is truncated")) << (8 * i);
                }

                int run = (int)Math.Min(head >> 1, (ulong)(numbers.Length - filled));
                numbers.Slice(filled, run).Fill(value);
                filled += run;
            }
            else
            {
                long bits = 8L * (bytes.Length - position);
                int count = (int)Math.Min(Math.Min(head >> 1, int.MaxValue / 8) * 8, (ulong)(numbers.Length - filled));
                if ((long)count * width > bits)
                {
                    throw new FormatException("bit-packed numbers are truncated");
                }

                for (int i = 0; i < count; i++)
                {
                    numbers[filled++] = (int)Bits(bytes[position..], (long)i * width, width);
                }

                position += (int)Math.Min((long)Math.Min(head >> 1, int.MaxValue) * width, bytes.Length - position);
            }
        }
    }

    /// <summary>Decodes DELTA_BINARY_PACKED; returns the number of bytes consumed.</summary>
    /// <exception cref="FormatException">The bytes are damaged, or the count of numbers differs.</exception>
    public static int Delta(ReadOnlySpan<byte> bytes, Span<long> numbers)
    {
        int position = 0;
        ulong block = ThriftStruct.Varint(bytes, ref position),
            parts = ThriftStruct.Varint(bytes, ref position),
            total = ThriftStruct.Varint(bytes, ref position);
        if (block is 0 or > 1 << 20 || parts == 0 || parts > block || block % parts != 0 || total != (ulong)numbers.Length)
        {
            throw new FormatException($"{total} deltas in blocks of {block} with {parts} miniblocks for {numbers.Length} values");
        }

        int size = (int)(block / parts);
        long value = ZigZag(bytes, ref position);
        int filled = 0;
        if (numbers.Length > 0)
        {
            numbers[filled++] = value;
        }

        while (filled < numbers.Length)
        {
            long least = ZigZag(bytes, ref position);
            int widths = position;
            position += (int)parts;
            for (int part = 0; part < (int)parts && filled < numbers.Length; part++)
            {
                int width = widths + part < bytes.Length ? bytes[widths + part] : throw new FormatException("deltas are truncated");
                if (width > 64 || (long)size * width > 8L * (bytes.Length - position))
                {
                    throw new FormatException($"deltas of {width} bits are truncated");
                }

                for (int i = 0; i < size && filled < numbers.Length; i++)
                {
                    value = unchecked(value + least + (long)Bits(bytes[position..], (long)i * width, width));
                    numbers[filled++] = value;
                }

                position += size * width / 8;
            }
        }

        return position;
    }

    private static ulong Bits(ReadOnlySpan<byte> bytes, long at, int width)
    {
        ulong value = 0;
        (int place, int shift, int have) = ((int)(at >> 3), (int)(at & 7), 0);
        while (have < width)
        {
            int take = Math.Min(8 - shift, width - have);
            value |= (ulong)((bytes[place++] >> shift) & ((1 << take) - 1)) << have;
            (have, shift) = (have + take, 0);
        }

        return value;
    }

    private static long ZigZag(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = ThriftStruct.Varint(bytes, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a little-endian length and returns the bytes after it.</summary>
    public static ReadOnlySpan<byte> Prefixed(ReadOnlySpan<byte> bytes, out int taken)
    {
        uint length =
            bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : throw new FormatException("a length is truncated");
        if (length > bytes.Length - 4)
        {
            throw new FormatException($"a length of {length} exceeds the {bytes.Length - 4} remaining bytes");
        }

        taken = 4 + (int)length;
        return bytes.Slice(4, (int)length);
    }
}
