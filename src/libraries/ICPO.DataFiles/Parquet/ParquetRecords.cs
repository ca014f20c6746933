using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Parquet;

/// <summary>Reads the rows of a Parquet file as JSON objects, one row group in memory at a time.</summary>
internal static class ParquetRecords
{
    private const int Tail = 8;
    private const long MaxChunkBytes = 1 << 30;

    public static IEnumerable<DataRecord> Read(string path, FileStream file)
    {
        ThriftStruct footer = Footer(path, file);
        (ParquetNode root, List<ParquetNode> leaves) = Wrap($"{path}: the footer", () => ParquetNode.Tree(footer.Structs(2)));
        string[] names = Names(root, leaves.Count);
        var budget = new ParquetBudget(file.Length);
        (int number, int index) = (0, 0);
        foreach (ThriftStruct group in footer.Structs(4))
        {
            string place = $"{path}: row group {++index}";
            long count = group.Number(3);
            List<ParquetColumn> columns = Columns(place, file, [.. group.Structs(1)], [.. leaves.Zip(names)], count, budget);
            var rows = new ParquetRows(root, columns);
            var bytes = new ArrayBufferWriter<byte>();
            for (long row = 1; row <= count; row++)
            {
                bytes.ResetWrittenCount();
                string where = $"{place}, row {row}";
                using JsonDocument document = Wrap(where, () =>
                {
                    rows.Write(bytes);
                    budget.Text(bytes.WrittenCount);
                    return JsonDocument.Parse(bytes.WrittenMemory, new JsonDocumentOptions { MaxDepth = 128 });
                });
                yield return new DataRecord(where, ++number, document.RootElement);
            }

            if (columns.Find(c => !c.HasEnded) is { } longer)
            {
                throw Bad($"{place}, column {longer.Path}", $"it has more entries after the last of {count} rows");
            }
        }
    }

    private static ThriftStruct Footer(string path, FileStream file)
    {
        byte[] tail = new byte[Tail];
        if (file.Length < Tail + 4)
        {
            throw Bad(path, "the file is truncated: it has no footer");
        }

        file.Position = file.Length - Tail;
        file.ReadExactly(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
        {
            throw Bad(path, "the file is truncated: it does not end in 'PAR1'");
        }

        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length == 0 || length > Math.Min(MaxChunkBytes, file.Length - Tail - 4))
        {
            throw Bad(path, $"the footer claims {length} bytes, but the file has {file.Length - Tail - 4} for it");
        }

        byte[] bytes = new byte[length];
        file.Position = file.Length - Tail - length;
        file.ReadExactly(bytes);
        return Wrap($"{path}: the footer", () =>
        {
            int position = 0;
            return ThriftStruct.Read(bytes, ref position);
        });
    }

    private static List<ParquetColumn> Columns(
        string place,
        FileStream file,
        List<ThriftStruct> chunks,
        List<(ParquetNode Leaf, string Name)> leaves,
        long count,
        ParquetBudget budget
    )
    {
        if (chunks.Count != leaves.Count)
        {
            throw Bad(place, $"it has {chunks.Count} columns, the schema {leaves.Count}");
        }

        if (count < 0 || (leaves.Count == 0 && count > 0))
        {
            throw Bad(place, $"it claims {count} rows");
        }

        Wrap(place, () =>
        {
            budget.Rows(count);
            return 0;
        });

        List<ParquetColumn> columns = [];
        for (int i = 0; i < chunks.Count; i++)
        {
            string where = $"{place}, column {leaves[i].Name}";
            ThriftStruct column =
                chunks[i] is { } chunk && !chunk.Has(1) && !chunk.Has(8) && chunk.Struct(3) is { } plain
                    ? plain
                    : throw Bad(where, "it is encrypted or stored in another file");
            (long start, long size, long entries) = (column.Number(9), column.Number(7), column.Number(5));
            if (column.Number(11) is > 0 and var dictionary)
            {
                start = Math.Min(start, dictionary);
            }

            if (start < 4 || size < 0 || size > MaxChunkBytes || start > file.Length || size > file.Length - Tail - start)
            {
                throw Bad(where, $"it claims {size} bytes from {start} on, the file has {file.Length}");
            }

            if (entries < count || (leaves[i].Leaf.Repeats == 0 && entries != count))
            {
                throw Bad(where, $"it claims {entries} entries in {size} bytes for {count} rows");
            }

            byte[] bytes = new byte[size];
            file.Position = start;
            file.ReadExactly(bytes);
            (ParquetNode leaf, string name) = leaves[i];
            columns.Add(Wrap(where, () =>
                {
                    budget.Bytes(size); // row groups can share chunks
                    return ParquetChunk.Read(bytes, leaf, name, column.Number(4), entries, budget);
                }));
        }

        return columns;
    }

    /// <summary>The dotted name of each leaf.</summary>
    private static string[] Names(ParquetNode root, int count)
    {
        string[] names = new string[count];
        Name(root, "");
        return names;

        void Name(ParquetNode node, string path)
        {
            foreach (ParquetNode child in node.Children)
            {
                string name = path + child.Name;
                if (child.IsLeaf)
                {
                    names[child.Leaves[0]] = name;
                }

                Name(child, name + ".");
            }
        }
    }

    private static T Wrap<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or EndOfStreamException)
        {
            throw Bad(place, error.Message.Split('\n')[0].Trim().TrimEnd('.'), error);
        }
    }

    private static InvalidDataException Bad(string place, string what, Exception? cause = null) =>
        new($"{place}: {what}; write the file again.", cause);
}
