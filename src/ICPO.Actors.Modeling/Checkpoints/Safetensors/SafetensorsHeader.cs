using System.Collections.Frozen;
using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Checkpoints.Safetensors;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Dtype">As the format writes it: F32, BF16, I64, …</param>
/// <param name="Shape">Dimensions; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, string Dtype, long[] Shape, long Offset, long Length);

/// <summary>The header of a safetensors file, checked: every byte after it belongs to exactly one tensor.</summary>
internal static class SafetensorsHeader
{
    private const long LongestHeader = 100_000_000; // as the reference implementation has it

    private static readonly FrozenDictionary<string, int> ElementBits = new Dictionary<string, int>
    {
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["BOOL"] = 8,
        ["U8"] = 8,
        ["I8"] = 8,
        ["F8_E4M3"] = 8,
        ["F8_E4M3FNUZ"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E5M2FNUZ"] = 8,
        ["F8_E8M0"] = 8,
        ["I16"] = 16,
        ["U16"] = 16,
        ["F16"] = 16,
        ["BF16"] = 16,
        ["I32"] = 32,
        ["U32"] = 32,
        ["F32"] = 32,
        ["I64"] = 64,
        ["U64"] = 64,
        ["F64"] = 64,
        ["C64"] = 64,
    }.ToFrozenDictionary();

    /// <summary>Parses the header of <paramref name="path"/>, opened as <paramref name="file"/>.</summary>
    /// <exception cref="InvalidDataException">Names the file, the tensor and what is wrong.</exception>
    public static (IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(Stream file, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (file.Length < 8)
        {
            throw Bad(path, $"it has {file.Length} bytes where a header length of 8 must come first");
        }

        file.ReadExactly(prefix);
        ulong length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > file.Length - 8)
        {
            throw Bad(path, $"its header claims {length} bytes, the file has {file.Length}");
        }

        byte[] text = new byte[length];
        file.ReadExactly(text);
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(json.RootElement, path, 8 + (long)length, file.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Bad(path, $"its header is not valid ({e.Message})", e);
        }
    }

    private static (IReadOnlyList<TensorEntry>, IReadOnlyDictionary<string, string>) Read(
        JsonElement header,
        string path,
        long start,
        long end
    )
    {
        var tensors = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                metadata = property.Value.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString() ?? "");
            }
            else
            {
                tensors.Add(Entry(property.Name, property.Value, path, start));
            }
        }

        long next = start;
        foreach (TensorEntry? tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (tensor.Offset != next)
            {
                throw Bad(
                    path,
                    $"tensor {tensor.Name} begins at byte {tensor.Offset}, but the previous one ends at {next} (no overlaps, no gaps)"
                );
            }

            next = tensor.Offset + tensor.Length;
            if (next > end)
            {
                throw Bad(path, $"tensor {tensor.Name} ends at byte {next}, the file at {end}");
            }
        }

        return next == end ? (tensors, metadata) : throw Bad(path, $"{end - next} bytes follow the last tensor");
    }

    private static TensorEntry Entry(string name, JsonElement value, string path, long start)
    {
        string dtype = Member(name, value, "dtype", path).GetString() ?? "";
        if (!ElementBits.TryGetValue(dtype, out int bits))
        {
            throw Bad(path, $"tensor {name} has the unknown dtype '{dtype}'");
        }

        long[] shape = [.. Member(name, value, "shape", path).EnumerateArray().Select(d => d.GetInt64())];
        long[] offsets = [.. Member(name, value, "data_offsets", path).EnumerateArray().Select(d => d.GetInt64())];
        if (shape.Any(d => d < 0))
        {
            throw Bad(path, $"tensor {name} has a negative dimension in [{string.Join(", ", shape)}]");
        }

        if (offsets is not [>= 0 and var from, var to] || to < from || to > long.MaxValue - start)
        {
            throw Bad(path, $"tensor {name} has data_offsets [{string.Join(", ", offsets)}]");
        }

        // An Int128 cannot overflow here before it is larger than any file.
        Int128 need = shape.Contains(0)
            ? 0
            : shape.Aggregate((Int128)bits, (product, d) => product > long.MaxValue ? product : product * d);
        return need == 8 * (Int128)(to - from)
            ? new(name, dtype, shape, start + from, to - from)
            : throw Bad(path, $"tensor {name} of shape [{string.Join(", ", shape)}] in {dtype} does not fill its {to - from} bytes");
    }

    private static JsonElement Member(string name, JsonElement value, string key, string path) =>
        value.TryGetProperty(key, out JsonElement member) ? member : throw Bad(path, $"tensor {name} has no {key}");

    private static InvalidDataException Bad(string path, string what, Exception? inner = null) =>
        new($"{path} is not a valid safetensors file: {OneLine.Of(what)}. Fetch or write it again.", inner);
}
