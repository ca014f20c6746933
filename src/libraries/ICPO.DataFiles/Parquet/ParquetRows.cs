using System.Buffers;
using System.Text.Json;

namespace ICPO.DataFiles.Parquet;

/// <summary>
/// Assembles the rows of a row group from its columns (Melnik et al. 2010, "Dremel", section 4.3): structs and maps become objects, lists
/// become arrays.
/// </summary>
/// <param name="root">The schema.</param>
/// <param name="columns">One column per leaf, in order.</param>
internal sealed class ParquetRows(ParquetNode root, List<ParquetColumn> columns)
{
    /// <summary>Writes the next row.</summary>
    /// <exception cref="FormatException">The columns are inconsistent.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 128 });
        writer.WriteStartObject();
        foreach (ParquetNode field in root.Children)
        {
            writer.WritePropertyName(field.Name);
            WriteField(field, writer);
        }

        writer.WriteEndObject();
    }

    private void WriteField(ParquetNode node, Utf8JsonWriter writer)
    {
        if (node.Repetition == ParquetRepetition.Repeated)
        {
            // A repeated field outside a list, as old writers produce it.
            WriteElements(node, writer, () => WriteContent(node, writer));
        }
        else if (First(node).Definition < node.Definition)
        {
            Skip(node);
            writer.WriteNullValue();
        }
        else
        {
            WriteContent(node, writer);
        }
    }

    private void WriteContent(ParquetNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case { IsLeaf: true }:
                First(node).Write(writer);
                break;
            case { IsMap: true, Children: [{ Repetition: ParquetRepetition.Repeated, Children: [_, _] } pair] }:
                WriteMap(pair, writer);
                break;
            case { IsList: true, Children: [{ Repetition: ParquetRepetition.Repeated } repeated] }:
                // Three levels, or two by old writers: then the repeated field is the element itself.
                bool isWrapped = repeated.Children is [_] && repeated.Name != "array" && repeated.Name != node.Name + "_tuple";
                WriteElements(repeated, writer, () =>
                {
                    if (isWrapped)
                    {
                        WriteField(repeated.Children[0], writer);
                    }
                    else
                    {
                        WriteContent(repeated, writer);
                    }
                });
                break;
            default:
                writer.WriteStartObject();
                foreach (ParquetNode child in node.Children)
                {
                    writer.WritePropertyName(child.Name);
                    WriteField(child, writer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private void WriteElements(ParquetNode repeated, Utf8JsonWriter writer, Action element)
    {
        writer.WriteStartArray();
        ForEach(repeated, element);
        writer.WriteEndArray();
    }

    private void WriteMap(ParquetNode pair, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        ForEach(pair, () =>
        {
            writer.WritePropertyName(
                Convert.ToString(First(pair.Children[0]).Take(), System.Globalization.CultureInfo.InvariantCulture) ?? ""
            );
            WriteField(pair.Children[1], writer);
        });
        writer.WriteEndObject();
    }

    private void ForEach(ParquetNode repeated, Action element)
    {
        ParquetColumn first = First(repeated);
        if (first.Definition < repeated.Definition)
        {
            Skip(repeated);
            return;
        }

        do
        {
            element();
        } while (first.Repetition == repeated.Repeats);
    }

    private ParquetColumn First(ParquetNode node) => columns[node.Leaves[0]];

    private void Skip(ParquetNode node)
    {
        foreach (int leaf in node.Leaves)
        {
            columns[leaf].Take();
        }
    }
}
