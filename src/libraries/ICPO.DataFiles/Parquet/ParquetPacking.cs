using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;

namespace ICPO.DataFiles.Parquet;

/// <summary>Unpacks pages.</summary>
internal static class ParquetPacking
{
    /// <summary>Bytes that are believed whatever the packed size.</summary>
    private const long Small = 16 << 20;

    /// <summary>
    /// Bytes that packed ones can unfold to: what a header claims beyond that is a lie. Of zstd and brotli, whose formats set no bound,
    /// what texts ever take.
    /// </summary>
    /// <param name="codec">The format's CompressionCodec.</param>
    /// <param name="packed">Their number.</param>
    public static long Most(long codec, long packed) =>
        Math.Min(
            Array.MaxLength,
            Math.Max(
                Small,
                packed
                    * codec switch
                    {
                        0 => 1,
                        1 => 22,
                        5 or 7 => 255,
                        _ => 1032,
                    }
            )
        );

    /// <param name="codec">The format's CompressionCodec.</param>
    /// <param name="packed">As stored.</param>
    /// <param name="length">Bytes it must unfold to, already held against the packed length.</param>
    /// <exception cref="FormatException">It is damaged or of another length.</exception>
    public static byte[] Unpack(long codec, ReadOnlySpan<byte> packed, int length)
    {
        byte[] bytes = new byte[length];
        int got;
        try
        {
            got = codec switch
            {
                0 => packed.TryCopyTo(bytes) ? packed.Length : -1,
                1 => Snapped(packed, bytes),
                2 => Gzip(packed, bytes),
                4 => BrotliDecoder.TryDecompress(packed, bytes, out int written) ? written : -1,
                5 => Framed(packed, bytes),
                6 => Zstd(packed, bytes),
                7 => LZ4Codec.Decode(packed, bytes),
                _ => throw new FormatException(
                    $"it is packed by codec {codec}, which is not read; pack it by snappy, gzip, brotli, lz4 or zstd"
                ),
            };
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or ZstdSharp.ZstdException or IOException)
        {
            throw new FormatException($"a page cannot be unpacked: {error.Message.Split(" (Parameter")[0].TrimEnd('.')}", error);
        }

        return got == length ? bytes : throw new FormatException($"a page does not unfold to the {length} bytes that it claims");
    }

    /// <summary>Snappy's own head claims a length too, which the decoder would make room for.</summary>
    private static int Snapped(ReadOnlySpan<byte> packed, byte[] bytes) =>
        Snappy.GetUncompressedLength(packed) == bytes.Length ? Snappy.Decompress(packed, bytes) : -1;

    private static int Gzip(ReadOnlySpan<byte> packed, byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        int got = gzip.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return gzip.ReadByte() < 0 ? got : -1;
    }

    private static int Zstd(ReadOnlySpan<byte> packed, byte[] bytes)
    {
        using var zstd = new ZstdSharp.Decompressor();
        return zstd.Unwrap(packed, bytes);
    }

    /// <summary>Hadoop's LZ4: blocks behind their two lengths, big-endian; some writers left the lengths out.</summary>
    private static int Framed(ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        int written = 0;
        for (ReadOnlySpan<byte> rest = packed; rest.Length > 0; )
        {
            uint unpacked = rest.Length > 8 ? BinaryPrimitives.ReadUInt32BigEndian(rest) : uint.MaxValue;
            uint length = rest.Length > 8 ? BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) : uint.MaxValue;
            if (
                unpacked > bytes.Length - written
                || length > rest.Length - 8
                || LZ4Codec.Decode(rest.Slice(8, (int)length), bytes.Slice(written, (int)unpacked)) != (int)unpacked
            )
            {
                return LZ4Codec.Decode(packed, bytes);
            }

            written += (int)unpacked;
            rest = rest[(8 + (int)length)..];
        }

        return written;
    }
}
