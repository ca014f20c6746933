namespace ICPO.DataFiles.Parquet;

/// <summary>How often a field occurs in its parent (the format's FieldRepetitionType).</summary>
internal enum ParquetRepetition
{
    Required,
    Optional,
    Repeated,
}

/// <summary>How values are stored (the format's Type).</summary>
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
/// <param name="Definition">The maximum definition level: optional and repeated fields from the root to here.</param>
/// <param name="Repeats">The maximum repetition level: repeated fields from the root to here.</param>
/// <param name="Element">The format's SchemaElement.</param>
internal sealed record ParquetNode(string Name, ParquetRepetition Repetition, int Definition, int Repeats, ThriftStruct Element)
{
    private const int MaxDepth = 64,
        MaxFields = 10_000;

    public List<ParquetNode> Children { get; } = [];

    /// <summary>Column indexes of the leaves below this node; for a leaf its own.</summary>
    public List<int> Leaves { get; } = [];

    public bool IsLeaf => Children.Count == 0;

    public ParquetType Type => (ParquetType)Element.Number(1);

    /// <summary>Size in bytes of a fixed-length value.</summary>
    public int Length => (int)Element.Number(2);

    /// <summary>The format's ConvertedType, −1 if absent.</summary>
    public long Converted => Element.Number(6, -1);

    /// <summary>The format's LogicalType union, null if absent.</summary>
    public ThriftStruct? Logical => Element.Struct(10);

    public bool IsList => Converted == 3 || Logical?.Has(3) == true;

    public bool IsMap => Converted is 1 or 2 || Logical?.Has(2) == true;

    /// <summary>Builds the schema tree; returns its root and its leaves in order.</summary>
    /// <exception cref="FormatException">The elements do not form a tree.</exception>
    public static (ParquetNode Root, List<ParquetNode> Leaves) Tree(IEnumerable<ThriftStruct> elements)
    {
        Queue<ThriftStruct> rest = new(elements);
        if (rest.Count is 0 or > MaxFields)
        {
            throw new FormatException($"the schema has {rest.Count} fields; 1 to {MaxFields} are supported");
        }

        List<ParquetNode> leaves = [];
        ThriftStruct first = rest.Dequeue();
        var root = new ParquetNode("", ParquetRepetition.Required, 0, 0, first);
        root.Fill(first.Number(5), rest, leaves, 0);
        return rest.Count == 0
            ? (root, leaves)
            : throw new FormatException($"the schema has {rest.Count} more fields than its root claims");
    }

    private void Fill(long children, Queue<ThriftStruct> rest, List<ParquetNode> leaves, int depth)
    {
        if (depth > MaxDepth || children > rest.Count)
        {
            throw new FormatException($"the schema is nested more than {MaxDepth} deep or ends too early");
        }

        for (; children > 0; children--)
        {
            ThriftStruct element = rest.TryDequeue(out ThriftStruct? next) ? next : throw new FormatException("the schema ends too early");
            ParquetRepetition repetition = element.Number(3) is >= 0 and <= 2 and var known
                ? (ParquetRepetition)known
                : throw new FormatException($"a field has the unknown repetition type {element.Number(3)}");
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
