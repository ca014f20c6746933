using System.Buffers.Binary;
using System.Numerics;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>A tensor as a GGUF file describes it.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Dimensions, slowest first (the file has them the other way round).</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record GgufTensor(string Name, GgufType Type, long[] Shape, long Offset, long Length);

/// <summary>
/// A GGUF file (versions 2 and 3, little-endian), memory-mapped: only its head is read until a tensor is requested. Its head is checked:
/// every tensor is inside the file and no two overlap.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const int MostDimensions = 4;
    private const int DefaultAlignment = 32;

    private readonly MappedFile _map;
    private readonly Dictionary<string, (uint Type, long Position)> _metadata;
    private readonly Dictionary<string, GgufTensor> _byName;

    private GgufFile(string path, MappedFile map)
    {
        (Path, _map) = (path, map);
        var cursor = new GgufCursor(map, path);
        if (cursor.UInt32("the magic number") != Magic)
        {
            throw cursor.Bad("it does not begin with 'GGUF'");
        }

        if (cursor.UInt32("the version") is var version and not (2 or 3))
        {
            throw cursor.Bad($"version {version} is not supported, only 2 and 3 (little-endian) are");
        }

        // Each tensor takes at least a name length, dimension count, type and offset; each key a length, type and value.
        (int tensors, int keys) = (cursor.Count(24, "the number of tensors"), cursor.Count(13, "the number of metadata keys"));
        _metadata = FindMetadata(cursor, keys);
        Tensors = ReadTensors(cursor, tensors, Alignment(cursor));
        _byName = Tensors.ToDictionary(t => t.Name);
    }

    public string Path { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>The keys of the metadata in the order of the file.</summary>
    internal IEnumerable<string> Keys => _metadata.Keys;

    /// <summary>Whether a file begins as a GGUF file does.</summary>
    internal static bool Begins(string path)
    {
        Span<byte> head = stackalloc byte[sizeof(uint)];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic;
    }

    /// <summary>Opens a file and checks its head.</summary>
    /// <exception cref="InvalidDataException">It is absent or malformed; names the file, the place and what is wrong.</exception>
    public static GgufFile Open(string path)
    {
        using FileStream file = ModelFile.Open(path);
        if (file.Length == 0)
        {
            throw new InvalidDataException($"{path} is not a valid GGUF file: it is empty. Fetch or convert it again.");
        }

        var map = new MappedFile(file);
        try
        {
            return new(path, map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The value of a metadata key, read at each call: a number in its .NET type, bool, string, or an array of one of them; null if
    /// the file has none.
    /// </summary>
    public object? Metadata(string key) =>
        _metadata.TryGetValue(key, out (uint Type, long Position) place)
            ? new GgufCursor(_map, Path, place.Position).Value(place.Type, key)
            : null;

    /// <summary>The tensor; null if the file has none of that name.</summary>
    public GgufTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All values of a tensor, row-major, dequantised to float32.</summary>
    /// <exception cref="InvalidDataException">The tensor does not exist, or its type is not supported.</exception>
    public float[] Read(string name)
    {
        GgufTensor tensor = Find(name) ?? throw new InvalidDataException($"{Path} has no tensor {name}.");
        float[] values = new float[tensor.Length / tensor.Type.Bytes * tensor.Type.Elements];
        Read(tensor, 0, values);
        return values;
    }

    public void Dispose() => _map.Dispose();

    /// <summary>Values of a tensor from element <paramref name="from"/> on, dequantized; both ends are at block boundaries.</summary>
    internal void Read(GgufTensor tensor, long from, Span<float> values)
    {
        GgufType type = tensor.Type;
        ReadOnlySpan<byte> blocks = _map.Span(
            tensor.Offset + (from / type.Elements * type.Bytes),
            checked(values.Length / type.Elements * type.Bytes)
        );
        Reader(tensor)(blocks, values);
    }

    /// <exception cref="InvalidDataException">The type cannot be read.</exception>
    internal GgufBlocks.Reader Reader(GgufTensor tensor) =>
        GgufBlocks.Find(tensor.Type.Name)
        ?? throw new InvalidDataException(
            $"{Path}: tensor {tensor.Name} is stored as {tensor.Type.Name}, which is not supported; "
                + "convert the model to one of F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K."
        );

    /// <summary>Advises the system that the bytes of these values of a tensor are not needed for now.</summary>
    internal void Release(GgufTensor tensor, long from, long count) =>
        _map.Release(tensor.Offset + (from / tensor.Type.Elements * tensor.Type.Bytes), count / tensor.Type.Elements * tensor.Type.Bytes);

    /// <summary>Where each value begins; all are checked.</summary>
    private static Dictionary<string, (uint Type, long Position)> FindMetadata(GgufCursor cursor, int count)
    {
        var metadata = new Dictionary<string, (uint Type, long Position)>();
        for (int i = 0; i < count; i++)
        {
            string key = cursor.Text($"the name of metadata key {i}");
            uint type = cursor.UInt32($"the type of {key}");
            if (!metadata.TryAdd(key, (type, cursor.Position)))
            {
                throw cursor.Bad($"metadata key {key} occurs twice");
            }

            cursor.Skip(type, key);
        }

        return metadata;
    }

    private uint Alignment(GgufCursor cursor) =>
        Metadata("general.alignment") switch
        {
            null => DefaultAlignment,
            uint alignment when BitOperations.IsPow2(alignment) => alignment,
            var other => throw cursor.Bad($"general.alignment is {other}, it must be a power of two"),
        };

    private static List<GgufTensor> ReadTensors(GgufCursor cursor, int count, uint alignment)
    {
        var described = new List<(string Name, GgufType Type, long[] Shape, ulong Offset, long Length)>();
        var names = new HashSet<string>();
        for (int i = 0; i < count; i++)
        {
            string name = cursor.Text($"the name of tensor {i}");
            if (!names.Add(name))
            {
                throw cursor.Bad($"tensor {name} occurs twice");
            }

            long[] shape = ReadShape(cursor, name);
            uint id = cursor.UInt32($"the type of {name}");
            GgufType type = GgufType.Find(id) ?? throw cursor.Bad($"tensor {name} has the unknown type {id}");
            ulong offset = cursor.UInt64($"the offset of {name}");
            if (offset % alignment != 0)
            {
                throw cursor.Bad($"tensor {name} begins at {offset}, which is not a multiple of the alignment {alignment}");
            }

            if (shape[^1] % type.Elements != 0)
            {
                throw cursor.Bad($"tensor {name} has rows of {shape[^1]} elements, {type.Name} needs a multiple of {type.Elements}");
            }

            // An Int128 cannot overflow here before it is larger than any file.
            Int128 elements = shape.Contains(0)
                ? 0
                : shape.Aggregate((Int128)1, (product, d) => product > long.MaxValue ? product : product * d);
            Int128 length = elements / type.Elements * type.Bytes;
            if (length > cursor.Left)
            {
                throw cursor.Bad(
                    $"tensor {name} of shape [{string.Join(", ", shape)}] in {type.Name} needs {length} bytes, {cursor.Left} are left"
                );
            }

            described.Add((name, type, shape, offset, (long)length));
        }

        return Place(cursor, described, alignment);
    }

    private static long[] ReadShape(GgufCursor cursor, string name)
    {
        uint dimensions = cursor.UInt32($"the dimensions of {name}");
        if (dimensions is 0 or > MostDimensions)
        {
            throw cursor.Bad($"tensor {name} has {dimensions} dimensions, 1 to {MostDimensions} are allowed");
        }

        long[] shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong size = cursor.UInt64($"the shape of {name}");
            shape[i] = size <= long.MaxValue ? (long)size : throw cursor.Bad($"tensor {name} has a dimension of {size}");
        }

        return shape;
    }

    private static List<GgufTensor> Place(
        GgufCursor cursor,
        List<(string Name, GgufType Type, long[] Shape, ulong Offset, long Length)> described,
        uint alignment
    )
    {
        long start = (cursor.Position + alignment - 1) / alignment * alignment;
        long end = cursor.Position + cursor.Left;
        var tensors = new List<GgufTensor>();
        foreach ((string? name, GgufType? type, long[]? shape, ulong offset, long length) in described)
        {
            if (start > end || offset > (ulong)(end - start) || length > end - start - (long)offset)
            {
                throw cursor.Bad($"tensor {name} of {length} bytes begins at {offset} of the data, which has {Math.Max(0, end - start)}");
            }

            tensors.Add(new(name, type, shape, start + (long)offset, length));
        }

        foreach (
            (GgufTensor? one, GgufTensor? next) in tensors
                .OrderBy(t => t.Offset)
                .ThenBy(t => t.Length)
                .Zip(tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length).Skip(1))
        )
        {
            if (next.Offset < one.Offset + one.Length)
            {
                throw cursor.Bad($"tensors {one.Name} and {next.Name} overlap");
            }
        }

        return tensors;
    }
}
