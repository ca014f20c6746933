namespace ICPO.DataFiles.Parquet;

/// <summary>How often a field occurs in what holds it.</summary>
internal enum ParquetRepetition
{
    Required,
    Optional,
    Repeated,
}

/// <summary>How values are stored, with the format's own numbers.</summary>
internal enum ParquetType
{
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    ByteArray,
    FixedLengthByteArray,
}

/// <summary>A field of a Parquet schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Repetition">How often it occurs.</param>
/// <param name="Definition">Optional and repeated fields from the root to here.</param>
/// <param name="Repeats">Repeated fields from the root to here.</param>
/// <param name="Element">The format's SchemaElement.</param>
internal sealed record ParquetNode(string Name, ParquetRepetition Repetition, int Definition, int Repeats, ThriftStruct Element)
{
    private const int Deepest = 64,
        Most = 10_000;

    public List<ParquetNode> Children { get; } = [];

    /// <summary>The leaves below, by their place among the file's columns; of a leaf its own.</summary>
    public List<int> Leaves { get; } = [];

    public bool IsLeaf => Children.Count == 0;

    public ParquetType Type => (ParquetType)Element.Number(1);

    /// <summary>Bytes of a value of fixed length.</summary>
    public int Length => (int)Element.Number(2);

    /// <summary>ConvertedType, −1 where there is none.</summary>
    public long Converted => Element.Number(6, -1);

    /// <summary>The union LogicalType, null where there is none.</summary>
    public ThriftStruct? Logical => Element.Struct(10);

    public bool IsList => Converted == 3 || Logical?.Has(3) == true;

    public bool IsMap => Converted is 1 or 2 || Logical?.Has(2) == true;

    /// <summary>The root of a schema, and its leaves in order.</summary>
    /// <exception cref="FormatException">The schema is no tree.</exception>
    public static (ParquetNode Root, List<ParquetNode> Leaves) Tree(IEnumerable<ThriftStruct> elements)
    {
        Queue<ThriftStruct> rest = new(elements);
        if (rest.Count is 0 or > Most)
        {
            throw new FormatException($"the schema has {rest.Count} fields; from 1 to {Most} are read");
        }

        List<ParquetNode> leaves = [];
        ThriftStruct first = rest.Dequeue();
        var root = new ParquetNode("", ParquetRepetition.Required, 0, 0, first);
        root.Fill(first.Number(5), rest, leaves, 0);
        return rest.Count == 0 ? (root, leaves) : throw new FormatException($"the schema has {rest.Count} fields too many");
    }

    private void Fill(long children, Queue<ThriftStruct> rest, List<ParquetNode> leaves, int depth)
    {
        if (depth > Deepest || children > rest.Count)
        {
            throw new FormatException($"the schema is nested more than {Deepest} deep or ends too early");
        }

        for (; children > 0; children--)
        {
            ThriftStruct element = rest.TryDequeue(out ThriftStruct? next) ? next : throw new FormatException("the schema ends too early");
            ParquetRepetition repetition = element.Number(3) is >= 0 and <= 2 and var known
                ? (ParquetRepetition)known
                : throw new FormatException($"a field occurs in the unknown way {element.Number(3)}");
            var child = new ParquetNode(
                element.Text(4),
                repetition,
                Definition + (repetition == ParquetRepetition.Required ? 0 : 1),
                Repeats + (repetition == ParquetRepetition.Repeated ? 1 : 0),
                element
            );
            Children.Add(child);
            if (element.Has(1))
            {
                if (element.Number(1) is < 0 or > 7 || child.Length < 0)
                {
                    throw new FormatException($"the field '{child.Name}' is of the unknown type {element.Number(1)}");
                }

                child.Leaves.Add(leaves.Count);
                leaves.Add(child);
            }
            else
            {
                child.Fill(element.Number(5), rest, leaves, depth + 1);
                if (child.IsLeaf)
                {
                    throw new FormatException($"the field '{child.Name}' is a struct without fields");
                }
            }

            Leaves.AddRange(child.Leaves);
        }
    }
}
