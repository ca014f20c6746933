using System.IO.Hashing;

namespace ICPO.DataFiles.Parquet;

/// <summary>
/// Reads the pages of a column chunk (data pages of versions 1 and 2, dictionary pages). A header's claims are checked against the
/// available
/// bytes before memory is allocated.
/// </summary>
internal static class ParquetChunk
{
    /// <summary>Entries accepted for a page of any size: entries without a value take almost no bytes.</summary>
    private const long FreeEntries = 4 << 20;

    /// <param name="bytes">The chunk.</param>
    /// <param name="leaf">Its schema node.</param>
    /// <param name="path">Its dotted name.</param>
    /// <param name="codec">The CompressionCodec of the pages.</param>
    /// <param name="entries">The number of entries that the footer claims.</param>
    /// <exception cref="FormatException">A page is damaged.</exception>
    public static ParquetColumn Read(ReadOnlySpan<byte> bytes, ParquetNode leaf, string path, long codec, long entries)
    {
        var column = new ParquetColumn(leaf, path);
        object[]? dictionary = null;
        long read = 0;
        for (int at = 0, number = 1; read < entries; number++)
        {
            ThriftStruct header =
                at < bytes.Length
                    ? ThriftStruct.Read(bytes, ref at)
                    : throw new FormatException($"its pages hold {read} of the {entries} entries that the footer claims");
            (long unpacked, long packed) = (header.Number(2), header.Number(3));
            if (packed < 0 || packed > bytes.Length - at)
            {
                throw new FormatException($"page {number} claims {packed} bytes, but {bytes.Length - at} are left");
            }

            if (unpacked < 0 || unpacked > ParquetPacking.MaxUnpacked(codec, packed))
            {
                throw new FormatException($"page {number} claims that {packed} bytes decompress to {unpacked}");
            }

            ReadOnlySpan<byte> page = bytes.Slice(at, (int)packed);
            at += (int)packed;
            if (header.Has(4) && Crc32.HashToUInt32(page) != unchecked((uint)header.Number(4)))
            {
                throw new FormatException($"page {number} does not match its checksum");
            }

            switch (header.Number(1))
            {
                case 0 when header.Struct(5) is { } head:
                    read += One(column, leaf, head, ParquetPacking.Unpack(codec, page, (int)unpacked), dictionary, entries - read);
                    break;
                case 2 when header.Struct(7) is { } head:
                    byte[] plain = ParquetPacking.Unpack(codec, page, (int)unpacked);
                    dictionary = new object[Count(head.Number(1), plain.Length, 8L * plain.Length)];
                    ParquetValues.Read(plain, 0, leaf, null, dictionary);
                    break;
                case 3 when header.Struct(8) is { } head:
                    read += Two(column, leaf, head, page, head.Flag(7, true) ? codec : 0, (int)unpacked, dictionary, entries - read);
                    break;
                case 1:
                    break;
                default:
                    throw new FormatException($"page {number} is of the unknown kind {header.Number(1)}");
            }
        }

        return column;
    }

    private static int One(
        ParquetColumn column,
        ParquetNode leaf,
        ThriftStruct head,
        ReadOnlySpan<byte> page,
        object[]? dictionary,
        long left
    )
    {
        int count = Count(head.Number(1), page.Length, left);
        int[] repetition = Levels(ref page, leaf.Repeats, head.Number(4), count);
        int[] definition = Levels(ref page, leaf.Definition, head.Number(3), count);
        Add(column, leaf, head.Number(2), definition, repetition, page, dictionary);
        return count;
    }

    private static int Two(
        ParquetColumn column,
        ParquetNode leaf,
        ThriftStruct head,
        ReadOnlySpan<byte> page,
        long codec,
        int unpacked,
        object[]? dictionary,
        long left
    )
    {
        int count = Count(head.Number(1), unpacked, left);
        (long ends, long repeats) = (head.Number(5), head.Number(6));
        if (ends < 0 || repeats < 0 || ends + repeats > Math.Min(page.Length, unpacked))
        {
            throw new FormatException($"a page of {page.Length} bytes claims levels of {ends} and {repeats}");
        }

        int[] repetition = new int[count],
            definition = new int[count];
        Level(page[..(int)repeats], leaf.Repeats, repetition);
        Level(page.Slice((int)repeats, (int)ends), leaf.Definition, definition);
        ReadOnlySpan<byte> packed = page[(int)(repeats + ends)..];
        int length = unpacked - (int)(repeats + ends);
        Add(
            column,
            leaf,
            head.Number(4),
            definition,
            repetition,
            length == 0 ? [] : ParquetPacking.Unpack(codec, packed, length),
            dictionary
        );
        return count;
    }

    private static void Add(
        ParquetColumn column,
        ParquetNode leaf,
        long encoding,
        int[] definition,
        int[] repetition,
        ReadOnlySpan<byte> page,
        object[]? dictionary
    )
    {
        object[] values = new object[definition.AsSpan().Count(leaf.Definition)];
        ParquetValues.Read(page, encoding, leaf, dictionary, values);
        column.Add(definition, repetition, values);
    }

    private static int[] Levels(ref ReadOnlySpan<byte> page, int most, long encoding, int count)
    {
        int[] levels = new int[count];
        if (most > 0)
        {
            if (encoding != 3)
            {
                throw new FormatException($"levels in encoding {encoding} are not supported");
            }

            Level(ParquetBits.Prefixed(page, out int taken), most, levels);
            page = page[taken..];
        }

        return levels;
    }

    private static void Level(ReadOnlySpan<byte> bytes, int most, int[] levels)
    {
        if (most == 0)
        {
            return;
        }

        ParquetBits.Hybrid(bytes, 32 - int.LeadingZeroCount(most), levels);
        if (levels.AsSpan().ContainsAnyExceptInRange(0, most))
        {
            throw new FormatException($"a level is above {most}");
        }
    }

    private static int Count(long claimed, long bytes, long left) =>
        claimed >= 0 && claimed <= left && claimed <= FreeEntries + (8 * bytes) && claimed <= int.MaxValue
            ? (int)claimed
            : throw new FormatException($"a page of {bytes} bytes claims {claimed} entries");
}
