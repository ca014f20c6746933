using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// Reads the head of a GGUF file from front to back. Declared sizes are checked against the remaining bytes before anything is allocated.
/// </summary>
internal sealed class GgufCursor(MappedFile map, string path, long start = 0)
{
    private const uint TextType = 8,
        ArrayType = 9;
    private const int DeepestArray = 4;

    /// <summary>Bytes of a number or bool by its type.</summary>
    private static readonly Dictionary<uint, int> Sizes = new()
    {
        [0] = 1,
        [1] = 1,
        [2] = 2,
        [3] = 2,
        [4] = 4,
        [5] = 4,
        [6] = 4,
        [7] = 1,
        [10] = 8,
        [11] = 8,
        [12] = 8,
    };

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public long Position { get; private set; } = start;

    public long Left => map.Length - Position;

    public ReadOnlySpan<byte> Take(ulong length, string what)
    {
        if (length > (ulong)Left || length > int.MaxValue)
        {
            throw Bad($"{what} at byte {Position} needs {length} bytes, {Left} are left");
        }

        ReadOnlySpan<byte> span = map.Span(Position, (int)length);
        Position += (long)length;
        return span;
    }

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A number of things of which each takes at least <paramref name="least"/> bytes.</summary>
    public int Count(int least, string what)
    {
        ulong count = UInt64(what);
        return count <= (ulong)(Left / least) && count <= int.MaxValue
            ? (int)count
            : throw Bad($"{what} is {count}, more than the {Left} bytes that are left can hold");
    }

    public string Text(string what)
    {
        ulong length = UInt64(what);
        long at = Position;
        try
        {
            return Strict.GetString(Take(length, what));
        }
        catch (DecoderFallbackException)
        {
            throw Bad($"{what} at byte {at} is not UTF-8");
        }
    }

    /// <summary>A metadata value: a number, bool, string, or an array of one kind of them.</summary>
    public object Value(uint type, string key, int depth = 0)
    {
        string what = $"the value of {key}";
        return type switch
        {
            0 => Take(1, what)[0],
            1 => (sbyte)Take(1, what)[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what)),
            3 => BinaryPrimitives.ReadInt16LittleEndian(Take(2, what)),
            4 => UInt32(what),
            5 => BinaryPrimitives.ReadInt32LittleEndian(Take(4, what)),
            6 => BinaryPrimitives.ReadSingleLittleEndian(Take(4, what)),
            7 => Take(1, what)[0] != 0,
            TextType => Text(what),
            ArrayType when depth < DeepestArray => Array(key, depth + 1),
            10 => UInt64(what),
            11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8, what)),
            12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, what)),
            ArrayType => throw Bad($"{key} is an array of arrays deeper than {DeepestArray}"),
            _ => throw Bad($"{key} has the unknown value type {type}"),
        };
    }

    /// <summary>Goes past a metadata value, which is checked but not kept: a tokenizer's arrays hold some hundred thousand texts.</summary>
    public void Skip(uint type, string key, int depth = 0)
    {
        if (type != ArrayType || depth >= DeepestArray)
        {
            Value(type, key, depth);
            return;
        }

        string what = $"the array {key}",
            element = $"an element of {key}";
        uint kind = UInt32(what);
        if (Sizes.TryGetValue(kind, out int size))
        {
            Take((ulong)Count(size, what) * (ulong)size, what);
            return;
        }

        int count = Count(kind == TextType ? 8 : 12, what);
        for (int i = 0; i < count; i++)
        {
            if (kind == ArrayType)
            {
                Skip(kind, key, depth + 1);
            }
            else if (kind != TextType)
            {
                throw Bad($"{key} is an array of the unknown value type {kind}");
            }
            else if (UInt64(element) is var length && Position is var at && !Utf8.IsValid(Take(length, element)))
            {
                throw Bad($"{element} at byte {at} is not UTF-8");
            }
        }
    }

    public InvalidDataException Bad(string what) => new($"{path} is not a valid GGUF file: {OneLine.Of(what)}. Fetch or convert it again.");

    private Array Array(string key, int depth)
    {
        string what = $"the array {key}";
        uint type = UInt32(what);
        switch (type)
        {
            case 0:
                return Numbers<byte>(what);
            case 1:
                return Numbers<sbyte>(what);
            case 2:
                return Numbers<ushort>(what);
            case 3:
                return Numbers<short>(what);
            case 4:
                return Numbers<uint>(what);
            case 5:
                return Numbers<int>(what);
            case 6:
                return Numbers<float>(what);
            case 7:
                return Numbers<byte>(what).Select(b => b != 0).ToArray();
            case 10:
                return Numbers<ulong>(what);
            case 11:
                return Numbers<long>(what);
            case 12:
                return Numbers<double>(what);
            case TextType:
                string element = $"an element of {key}";
                string[] texts = new string[Count(8, what)];
                for (int i = 0; i < texts.Length; i++)
                {
                    texts[i] = Text(element);
                }

                return texts;
            case ArrayType:
                object[] arrays = new object[Count(12, what)];
                for (int i = 0; i < arrays.Length; i++)
                {
                    arrays[i] = Value(ArrayType, key, depth);
                }

                return arrays;
            default:
                throw Bad($"{key} is an array of the unknown value type {type}");
        }
    }

    private T[] Numbers<T>(string what)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        return MemoryMarshal.Cast<byte, T>(Take((ulong)Count(size, what) * (ulong)size, what)).ToArray();
    }
}
