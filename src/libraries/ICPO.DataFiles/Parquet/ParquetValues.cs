using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ICPO.DataFiles.Parquet;

/// <summary>Decodes the values of a page to text, number, boolean or bytes; dates and times become ISO 8601 text.</summary>
internal static class ParquetValues
{
    /// <summary>The longest decimal number in bytes: converting one to digits takes the square of its length.</summary>
    private const int MaxDecimalBytes = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">The values are damaged, or their type does not support the encoding.</exception>
    public static void Read(
        ReadOnlySpan<byte> bytes,
        long encoding,
        ParquetNode leaf,
        object[]? dictionary,
        Span<object> values,
        ParquetBudget budget
    )
    {
        switch (encoding)
        {
            case 0:
                Plain(bytes, leaf, values);
                break;
            case 2 or 8:
                FromDictionary(bytes, dictionary ?? throw new FormatException("its dictionary is missing"), values);
                break;
            case 3 when leaf.Type == ParquetType.Boolean:
                int[] flags = new int[values.Length];
                ParquetBits.Hybrid(ParquetBits.Prefixed(bytes, out _), 1, flags);
                Fill(values, i => flags[i] == 1);
                break;
            case 5 when leaf.Type is ParquetType.Int32 or ParquetType.Int64:
                long[] numbers = new long[values.Length];
                ParquetBits.Delta(bytes, numbers);
                Fill(values, i => leaf.Type == ParquetType.Int32 ? Meaning(leaf, unchecked((int)numbers[i])) : Meaning(leaf, numbers[i]));
                break;
            case 6 when leaf.Type == ParquetType.ByteArray:
                Lengths(bytes, leaf, values);
                break;
            case 7 when leaf.Type is ParquetType.ByteArray or ParquetType.FixedLengthByteArray:
                Prefixes(bytes, leaf, values, budget);
                break;
            case 9 when Size(leaf) > 0:
                Split(bytes, leaf, values);
                break;
            default:
                throw new FormatException($"values of type {leaf.Type} in encoding {encoding} are not supported");
        }
    }

    private static void Plain(ReadOnlySpan<byte> bytes, ParquetNode leaf, Span<object> values)
    {
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (leaf.Type == ParquetType.Boolean)
            {
                values[i] =
                    i / 8 < bytes.Length
                        ? (object)((bytes[i / 8] >> (i % 8) & 1) == 1)
                        : throw new FormatException("its values are truncated");
                continue;
            }

            if (leaf.Type == ParquetType.ByteArray)
            {
                values[i] = Meaning(leaf, ParquetBits.Prefixed(bytes[at..], out int taken));
                at += taken;
                continue;
            }

            int size = Size(leaf);
            values[i] =
                size <= bytes.Length - at ? Fixed(leaf, bytes.Slice(at, size)) : throw new FormatException("its values are truncated");
            at += size;
        }
    }

    private static void FromDictionary(ReadOnlySpan<byte> bytes, object[] dictionary, Span<object> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int[] places = new int[values.Length];
        ParquetBits.Hybrid(bytes.Length > 0 ? bytes[1..] : throw new FormatException("its values are truncated"), bytes[0], places);
        for (int i = 0; i < places.Length; i++)
        {
            values[i] =
                (uint)places[i] < (uint)dictionary.Length
                    ? dictionary[places[i]]
                    : throw new FormatException($"entry {places[i]} is not in the dictionary of {dictionary.Length}");
        }
    }

    private static void Lengths(ReadOnlySpan<byte> bytes, ParquetNode leaf, Span<object> values)
    {
        long[] lengths = new long[values.Length];
        int at = ParquetBits.Delta(bytes, lengths);
        for (int i = 0; i < lengths.Length; i++)
        {
            values[i] =
                lengths[i] >= 0 && lengths[i] <= bytes.Length - at
                    ? Meaning(leaf, bytes.Slice(at, (int)lengths[i]))
                    : throw new FormatException($"a length of {lengths[i]} exceeds the page");
            at += (int)lengths[i];
        }
    }

    private static void Prefixes(ReadOnlySpan<byte> bytes, ParquetNode leaf, Span<object> values, ParquetBudget budget)
    {
        (long[] shared, long[] lengths) = (new long[values.Length], new long[values.Length]);
        int at = ParquetBits.Delta(bytes, shared);
        at += ParquetBits.Delta(bytes[at..], lengths);
        byte[] last = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            if (shared[i] < 0 || shared[i] > last.Length || lengths[i] < 0 || lengths[i] > bytes.Length - at)
            {
                throw new FormatException($"a text shares {shared[i]} bytes with one of {last.Length} and adds {lengths[i]}");
            }

            budget.Bytes(shared[i] + lengths[i]);
            last = [.. last.AsSpan(0, (int)shared[i]), .. bytes.Slice(at, (int)lengths[i])];
            at += (int)lengths[i];
            values[i] = Meaning(leaf, last);
        }
    }

    private static void Split(ReadOnlySpan<byte> bytes, ParquetNode leaf, Span<object> values)
    {
        int size = Size(leaf);
        if (bytes.Length < (long)size * values.Length)
        {
            throw new FormatException("its values are truncated");
        }

        if (values.IsEmpty)
        {
            return;
        }

        byte[] value = new byte[size];
        for (int i = 0; i < values.Length; i++)
        {
            for (int part = 0; part < size; part++)
            {
                value[part] = bytes[(part * values.Length) + i];
            }

            values[i] = Fixed(leaf, value);
        }
    }

    private static int Size(ParquetNode leaf) =>
        leaf.Type switch
        {
            ParquetType.Int32 or ParquetType.Float => 4,
            ParquetType.Int64 or ParquetType.Double => 8,
            ParquetType.Int96 => 12,
            ParquetType.FixedLengthByteArray => leaf.Length,
            _ => 0,
        };

    private static object Fixed(ParquetNode leaf, ReadOnlySpan<byte> bytes) =>
        leaf.Type switch
        {
            ParquetType.Int32 => Meaning(leaf, BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            ParquetType.Int64 => Meaning(leaf, BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            ParquetType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ParquetType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ParquetType.Int96 => Time(
                ((BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - 2_440_588L) * (Int128)TimeSpan.TicksPerDay)
                    + (BinaryPrimitives.ReadInt64LittleEndian(bytes) / 100)
            ),
            _ => Meaning(leaf, bytes),
        };

    private static object Meaning(ParquetNode leaf, int value) =>
        leaf switch
        {
            { Converted: 11 or 12 or 13 } => unchecked((uint)value),
            _ when leaf.Logical?.Struct(10) is { } whole && !whole.Flag(2, true) => unchecked((uint)value),
            _ when leaf.Converted == 6 || leaf.Logical?.Has(6) == true => Time(value * (Int128)TimeSpan.TicksPerDay)[..10],
            _ when leaf.Converted == 7 || leaf.Logical?.Has(7) == true => TimeOfDay(value * 10_000L),
            _ when Scale(leaf) is { } scale => Decimal(value, scale),
            _ => value,
        };

    private static object Meaning(ParquetNode leaf, long value) =>
        leaf switch
        {
            { Converted: 14 } => unchecked((ulong)value),
            _ when leaf.Logical?.Struct(10) is { } whole && !whole.Flag(2, true) => unchecked((ulong)value),
            _ when leaf.Logical?.Struct(8)?.Struct(2) is { } unit => Time(
                unit.Has(1) ? value * (Int128)10_000 : SubMillisecondTicks(unit, value)
            ),
            _ when leaf.Logical?.Struct(7)?.Struct(2) is { } unit => TimeOfDay(SubMillisecondTicks(unit, value)),
            { Converted: 8 } => TimeOfDay(value * (Int128)10),
            { Converted: 9 } => Time(value * (Int128)10_000),
            { Converted: 10 } => Time(value * (Int128)10),
            _ when Scale(leaf) is { } scale => Decimal(value, scale),
            _ => value,
        };

    /// <summary>Converts micro- or nanoseconds (the format's TimeUnit) to ticks.</summary>
    private static Int128 SubMillisecondTicks(ThriftStruct unit, long value) => unit.Has(2) ? value * (Int128)10 : value / 100;

    /// <summary>Declared text must be UTF-8; undeclared bytes stay bytes if they are not.</summary>
    private static object Meaning(ParquetNode leaf, ReadOnlySpan<byte> bytes)
    {
        if (Scale(leaf) is { } scale)
        {
            return bytes.Length <= MaxDecimalBytes
                ? Decimal(new BigInteger(bytes, isBigEndian: true), scale)
                : throw new FormatException($"a decimal of {bytes.Length} bytes");
        }

        if (leaf.Logical?.Has(14) == true && bytes.Length == 16)
        {
            return new Guid(bytes, bigEndian: true).ToString();
        }

        if (leaf.Logical?.Has(15) == true && bytes.Length == 2)
        {
            return (double)BinaryPrimitives.ReadHalfLittleEndian(bytes);
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
            when (leaf.Converted is 0 or 4 or 19 || leaf.Logical is { } logical && (logical.Has(1) || logical.Has(4) || logical.Has(12)))
        {
            throw new FormatException($"byte {error.Index + 1} of a text is not UTF-8", error);
        }
        catch (DecoderFallbackException)
        {
            return bytes.ToArray();
        }
    }

    private static int? Scale(ParquetNode leaf)
    {
        if (leaf.Logical?.Struct(5) is { } logical)
        {
            return (int)logical.Number(1);
        }

        if (leaf.Converted == 5)
        {
            return (int)leaf.Element.Number(7);
        }

        return null;
    }

    /// <summary>The exact decimal digits, which no binary number could hold.</summary>
    private static ParquetDecimal Decimal(BigInteger value, int scale)
    {
        if (scale is < 0 or > 1000)
        {
            throw new FormatException($"a decimal with {scale} places");
        }

        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return new((value.Sign < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : ""));
    }

    /// <summary>Formats ticks of 100 ns since 1970.</summary>
    private static string Time(Int128 ticks) =>
        DateTime.UnixEpoch.Ticks + ticks is var all && all >= 0 && all <= DateTime.MaxValue.Ticks
            ? new DateTime((long)all, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture)
            : throw new FormatException("a time is outside the years 1 to 9999");

    private static string TimeOfDay(Int128 ticks) =>
        ticks >= 0 && ticks < TimeSpan.TicksPerDay
            ? new TimeOnly((long)ticks).ToString("O", CultureInfo.InvariantCulture)
            : throw new FormatException("a time of day is outside of the day");

    private static void Fill(Span<object> values, Func<int, object> value)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }
    }
}
