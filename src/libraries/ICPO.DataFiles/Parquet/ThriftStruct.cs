namespace ICPO.DataFiles.Parquet;

/// <summary>
/// A struct of Thrift's compact protocol, with fields by number. Every length and count is checked against the remaining bytes.
/// </summary>
internal sealed class ThriftStruct
{
    private const int MaxDepth = 32;

    // Elements of one byte each are the most that bytes can hold, so they are shared and structs begin without memory.
    private static readonly (object False, object True) Flags = (false, true);
    private static readonly object[] SmallNumbers = [.. Enumerable.Range(sbyte.MinValue, 256).Select(i => (object)(long)i)];

    private (int Field, object Value)[] _fields = [];
    private int _count;

    /// <summary>Reads a struct at <paramref name="position"/> and advances the position past it.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static ThriftStruct Read(ReadOnlySpan<byte> bytes, ref int position, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"structs are nested more than {MaxDepth} deep");
        }

        var result = new ThriftStruct();
        int field = 0;
        while (Byte(bytes, ref position) is var head && head != 0)
        {
            field = head >> 4 == 0 ? (int)ZigZag(bytes, ref position) : field + (head >> 4);
            result.Set(field, (head & 15) is 1 or 2 ? Flag((head & 15) == 1) : Value(bytes, ref position, head & 15, depth));
        }

        return result;
    }

    public bool Has(int field) => Find(field) is not null;

    public long Number(int field, long absent = 0) => Find(field) is long number ? number : absent;

    public bool Flag(int field, bool absent) => Find(field) is bool flag ? flag : absent;

    public string Text(int field) => Find(field) is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : "";

    public ThriftStruct? Struct(int field) => Find(field) as ThriftStruct;

    public IEnumerable<ThriftStruct> Structs(int field) => (Find(field) as List<object> ?? []).OfType<ThriftStruct>();

    /// <summary>The last value of a field; null if it is absent.</summary>
    private object? Find(int field)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (_fields[i].Field == field)
            {
                return _fields[i].Value;
            }
        }

        return null;
    }

    private void Set(int field, object value)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, Math.Max(2, 2 * _count));
        }

        _fields[_count++] = (field, value);
    }

    private static object Flag(bool value) => value ? Flags.True : Flags.False;

    private static object Number(long value) => value is >= sbyte.MinValue and <= sbyte.MaxValue ? SmallNumbers[value + 128] : value;

    private static object Value(ReadOnlySpan<byte> bytes, ref int position, int type, int depth)
    {
        switch (type)
        {
            case 3:
                return Number((sbyte)Byte(bytes, ref position));
            case 4 or 5 or 6:
                return Number(ZigZag(bytes, ref position));
            case 7:
                position += Fits(bytes, position, 8);
                return BitConverter.ToDouble(bytes[(position - 8)..]);
            case 8:
                ulong claimed = Varint(bytes, ref position);
                int length = Fits(bytes, position, claimed);
                position += length;
                return bytes[(position - length)..position].ToArray();
            case 9 or 10:
                int head = Byte(bytes, ref position);
                return Elements(bytes, ref position, head >> 4 == 15 ? Varint(bytes, ref position) : (ulong)(head >> 4), head & 15, depth);
            case 11:
                ulong pairs = Varint(bytes, ref position);
                int kinds = pairs > 0 ? Byte(bytes, ref position) : 0;
                List<object> map = [];
                for (int left = Fits(bytes, position, pairs); left > 0; left--)
                {
                    map.Add(Element(bytes, ref position, kinds >> 4, depth));
                    map.Add(Element(bytes, ref position, kinds & 15, depth));
                }

                return map;
            case 12:
                return Read(bytes, ref position, depth + 1);
            default:
                throw new FormatException($"{type} before byte {position} is not a type");
        }
    }

    private static List<object> Elements(ReadOnlySpan<byte> bytes, ref int position, ulong count, int type, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"lists are nested more than {MaxDepth} deep");
        }

        List<object> elements = [];
        for (int left = Fits(bytes, position, count); left > 0; left--)
        {
            elements.Add(Element(bytes, ref position, type, depth));
        }

        return elements;
    }

    /// <summary>Like a field's value, except that a boolean takes one byte.</summary>
    private static object Element(ReadOnlySpan<byte> bytes, ref int position, int type, int depth) =>
        type is 1 or 2 ? Flag(Byte(bytes, ref position) == 1) : Value(bytes, ref position, type, depth + 1);

    private static int Byte(ReadOnlySpan<byte> bytes, ref int position) =>
        position < bytes.Length ? bytes[position++] : throw new FormatException("the bytes end before the struct does");

    /// <summary>Checks a length or count; every element takes at least one byte.</summary>
    private static int Fits(ReadOnlySpan<byte> bytes, int position, ulong length) =>
        length <= (ulong)(bytes.Length - position)
            ? (int)length
            : throw new FormatException($"a length of {length} at byte {position} exceeds the {bytes.Length - position} remaining bytes");

    private static long ZigZag(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = Varint(bytes, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal static ulong Varint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = Byte(bytes, ref position);
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        throw new FormatException($"the number before byte {position} is longer than 64 bits");
    }
}
