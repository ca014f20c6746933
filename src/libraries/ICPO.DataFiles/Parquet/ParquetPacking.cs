using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;

namespace ICPO.DataFiles.Parquet;

/// <summary>Decompresses pages.</summary>
internal static class ParquetPacking
{
    /// <summary>Decompressed bytes accepted for any compressed size.</summary>
    private const long FreeBytes = 16 << 20;

    /// <summary>
    /// The largest decompressed size that a compressed size can have; a header that claims more is invalid. The formats of zstd and brotli
    /// set
    /// no bound: the ratio used for them is never reached by text.
    /// </summary>
    /// <param name="codec">The format's CompressionCodec.</param>
    /// <param name="packed">The compressed size in bytes.</param>
    public static long MaxUnpacked(long codec, long packed) =>
        Math.Min(
            Array.MaxLength,
            Math.Max(
                FreeBytes,
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
    /// <param name="packed">The bytes as stored.</param>
    /// <param name="length">The decompressed size, already checked against <see cref="MaxUnpacked"/>.</param>
    /// <exception cref="FormatException">The page is damaged or of another length.</exception>
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
                _ => throw new FormatException($"compression codec {codec} is not supported; use snappy, gzip, brotli, lz4 or zstd"),
            };
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or ZstdSharp.ZstdException or IOException)
        {
            throw new FormatException($"a page cannot be decompressed: {error.Message.Split(" (Parameter")[0].TrimEnd('.')}", error);
        }

        return got == length ? bytes : throw new FormatException($"a page does not decompress to the {length} bytes that it claims");
    }

    /// <summary>Snappy's own header claims a length too, for which the decoder would allocate.</summary>
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

    /// <summary>Hadoop's LZ4: blocks preceded by two big-endian lengths; some writers omit the lengths.</summary>
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
