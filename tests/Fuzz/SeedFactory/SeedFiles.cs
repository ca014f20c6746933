using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Serialization;

namespace Fuzz.SeedFactory;

/// <summary>Writes the seeds that are not text. They are stored in the repository, so that an input stays the same.</summary>
internal static class SeedFiles
{
    private static readonly string Rows = string.Concat(
        Enumerable.Range(0, 12).Select(i => $"{{\"question\": \"What is {i} + {i}?\", \"answer\": \"{2 * i}\"}}\n")
    );

    public static async Task WriteAsync(string folder)
    {
        Put(folder, "gzip", "rows.gz", Gzip(Rows));
        Put(folder, "gzip", "empty.gz", Gzip(""));
        Put(folder, "gzip", "two-members.gz", [.. Gzip(Rows), .. Gzip(Rows)]);
        Put(folder, "gguf", "bytes.gguf", GgufSeed.ByteLevel());
        Put(folder, "gguf", "pieces.gguf", GgufSeed.Pieces());
        Put(folder, "safetensors", "two.safetensors", Safetensors());
        Put(folder, "frames", "cases.bin", FrameSeed.Cases());
        Put(folder, "frames", "judged.bin", FrameSeed.Judged());
        foreach ((string name, byte[] message) in EventSeed.Messages())
        {
            Put(folder, "messages", name + ".bin", message);
        }

        foreach ((string name, byte[] message) in ClusterSeed.Messages())
        {
            Put(folder, "cluster", name + ".bin", message);
        }

        Put(folder, "events", "run.bin", EventSeed.Run());
        Put(folder, "events", "snapshot.bin", EventSeed.Snapshot());
        Put(folder, "payload", "group.bin", EventSeed.Payload());
        Put(folder, "journal", "run.db", EventSeed.Database(EventSeed.Run()));
        foreach (CompressionMethod method in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip })
        {
            Put(folder, "parquet", $"rows-{method}.parquet", await ParquetAsync(method));
        }
    }

    private static void Put(string folder, string reader, string name, byte[] content)
    {
        Directory.CreateDirectory(Path.Combine(folder, reader));
        File.WriteAllBytes(Path.Combine(folder, reader, name), content);
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static byte[] Safetensors()
    {
        byte[] header = Encoding.UTF8.GetBytes(
            "{\"__metadata__\":{\"format\":\"pt\"},\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b.bias\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}"
        );
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. new byte[32]];
    }

    private static async Task<byte[]> ParquetAsync(CompressionMethod method)
    {
        using var stream = new MemoryStream();
        ParquetRow[] rows =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i => new ParquetRow
                {
                    question = $"What is {i} + {i}?",
                    answer = i % 5 == 0 ? null : $"{2 * i}",
                    level = i,
                    tags = [.. Enumerable.Range(0, i % 3).Select(k => $"t{k}")],
                }),
        ];
        await ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { CompressionMethod = method });
        return stream.ToArray();
    }

    /// <summary>A row; the names are those of the columns.</summary>
#pragma warning disable IDE1006, CA1819
    public sealed class ParquetRow
    {
        public string question { get; set; } = "";

        public string? answer { get; set; }

        public int level { get; set; }

        public List<string>? tags { get; set; }
    }
#pragma warning restore IDE1006, CA1819
}
