using System.IO.Hashing;

namespace ICPO.DataFiles.Parquet;

/// <summary>
/// Reads the pages of a column chunk (data pages of versions 1 and 2, dictionary pages). A header's claims are checked against the
/// available
/// bytes before memory is allocated.
/// </summary>
internal sealed class ParquetChunk
{
    private readonly ParquetColumn _column;
    private readonly ParquetNode _leaf;
    private readonly long _codec;
    private readonly ParquetBudget _budget;
    private object[]? _dictionary;

    private ParquetChunk(ParquetNode leaf, string path, long codec, ParquetBudget budget)
    {
        _column = new(leaf, path);
        _leaf = leaf;
        _codec = codec;
        _budget = budget;
    }

    /// <summary>Reads a chunk.</summary>
    /// <param name="bytes">The chunk.</param>
    /// <param name="leaf">Its schema node.</param>
    /// <param name="path">Its dotted name.</param>
    /// <param name="codec">The CompressionCodec of the pages.</param>
    /// <param name="entries">The number of entries that the footer claims.</param>
    /// <param name="budget">The limits of the file.</param>
    /// <exception cref="FormatException">A page is damaged.</exception>
    public static ParquetColumn Read(
        ReadOnlySpan<byte> bytes,
        ParquetNode leaf,
        string path,
        long codec,
        long entries,
        ParquetBudget budget
    )
    {
        var chunk = new ParquetChunk(leaf, path, codec, budget);
        chunk.ReadPages(bytes, entries);
        return chunk._column;
    }

    private void ReadPages(ReadOnlySpan<byte> bytes, long entries)
    {
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

            if (unpacked < 0 || unpacked > ParquetPacking.MaxUnpacked(_codec, packed))
            {
                throw new FormatException($"page {number} claims that {packed} bytes decompress to {unpacked}");
            }

            _budget.Bytes(unpacked);
            ReadOnlySpan<byte> page = bytes.Slice(at, (int)packed);
            at += (int)packed;
            if (header.Has(4) && Crc32.HashToUInt32(page) != unchecked((uint)header.Number(4)))
            {
                throw new FormatException($"page {number} does not match its checksum");
            }

            switch (header.Number(1))
            {
                case 0 when header.Struct(5) is { } head:
                    read += ReadVersion1(head, ParquetPacking.Unpack(_codec, page, (int)unpacked), entries - read);
                    break;
                case 2 when header.Struct(7) is { } head:
                    byte[] plain = ParquetPacking.Unpack(_codec, page, (int)unpacked);
                    _dictionary = new object[Count(head.Number(1), plain.Length, long.MaxValue)];
                    ParquetValues.Read(plain, 0, _leaf, null, _dictionary, _budget);
                    break;
                case 3 when header.Struct(8) is { } head:
                    read += ReadVersion2(head, page, (int)unpacked, entries - read);
                    break;
                case 1:
                    break;
                default:
                    throw new FormatException($"page {number} is of the unknown kind {header.Number(1)}");
            }
        }
    }

    private int ReadVersion1(ThriftStruct head, ReadOnlySpan<byte> page, long left)
    {
        int count = Count(head.Number(1), page.Length, left);
        int[] repetition = Levels(ref page, _leaf.Repeats, head.Number(4), count);
        int[] definition = Levels(ref page, _leaf.Definition, head.Number(3), count);
        Add(head.Number(2), count, definition, repetition, page);
        return count;
    }

    private int ReadVersion2(ThriftStruct head, ReadOnlySpan<byte> page, int unpacked, long left)
    {
        int count = Count(head.Number(1), unpacked, left);
        (long ends, long repeats) = (head.Number(5), head.Number(6));
        long most = Math.Min(page.Length, unpacked);
        if (ends < 0 || ends > most || repeats < 0 || repeats > most - ends)
        {
            throw new FormatException($"a page of {page.Length} bytes claims levels of {ends} and {repeats}");
        }

        int[] repetition = Level(page[..(int)repeats], _leaf.Repeats, count),
            definition = Level(page.Slice((int)repeats, (int)ends), _leaf.Definition, count);
        ReadOnlySpan<byte> packed = page[(int)(repeats + ends)..];
        int length = unpacked - (int)(repeats + ends);
        long codec = head.Flag(7, true) ? _codec : 0;
        Add(head.Number(4), count, definition, repetition, length == 0 ? [] : ParquetPacking.Unpack(codec, packed, length));
        return count;
    }

    private void Add(long encoding, int count, int[] definition, int[] repetition, ReadOnlySpan<byte> page)
    {
        object[] values = new object[definition.Length > 0 ? definition.AsSpan().Count(_leaf.Definition) : count];
        ParquetValues.Read(page, encoding, _leaf, _dictionary, values, _budget);
        _column.Add(new(count, definition, repetition, values));
    }

    private static int[] Levels(ref ReadOnlySpan<byte> page, int most, long encoding, int count)
    {
        if (most == 0)
        {
            return [];
        }

        if (encoding != 3)
        {
            throw new FormatException($"levels in encoding {encoding} are not supported");
        }

        int[] levels = Level(ParquetBits.Prefixed(page, out int taken), most, count);
        page = page[taken..];
        return levels;
    }

    /// <summary>One level for each entry; none if all are 0.</summary>
    private static int[] Level(ReadOnlySpan<byte> bytes, int most, int count)
    {
        if (most == 0)
        {
            return [];
        }

        int[] levels = new int[count];
        ParquetBits.Hybrid(bytes, 32 - int.LeadingZeroCount(most), levels);
        return levels.AsSpan().ContainsAnyExceptInRange(0, most) ? throw new FormatException($"a level is above {most}") : levels;
    }

    private int Count(long claimed, long bytes, long left)
    {
        if (claimed < 0 || claimed > left || claimed > int.MaxValue)
        {
            throw new FormatException($"a page of {bytes} bytes claims {claimed} entries");
        }

        _budget.Entries(claimed);
        return (int)claimed;
    }
}
