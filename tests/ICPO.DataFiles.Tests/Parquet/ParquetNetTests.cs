using System.Globalization;
using System.Text.Json;
using ICPO.DataFiles.Parquet;
using Parquet;
using Parquet.Serialization;

namespace ICPO.DataFiles.Tests.Parquet;

/// <summary>
/// The reader on files that Parquet.Net writes, so that a checkout without reference files checks it against other software.
/// </summary>
public sealed class ParquetNetTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.parquet");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.LZ4)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task Texts_are_read_in_every_compression(CompressionMethod compression)
    {
        Problem[] rows =
        [
            .. Enumerable
                .Range(0, 250)
                .Select(i => new Problem
                {
                    question = $"Ada has {i} apples and gets {i % 7} more. How many – «now»?",
                    answer = $"She has {i} + {i % 7}.\n#### {(i + (i % 7)).ToString(CultureInfo.InvariantCulture)}",
                }),
        ];
        await WriteAsync(rows, compression);
        Assert.Equal(
            rows.Select(row => (row.question, row.answer)),
            DataFile.Records(_path).Select(record => (Text(record.Fields, "question"), Text(record.Fields, "answer")))
        );
        Assert.Equal(Enumerable.Range(1, rows.Length), DataFile.Records(_path).Select(record => record.Number));
    }

    [Fact]
    public async Task Chats_and_nested_answers_keep_their_form()
    {
        Chat[] rows =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i => new Chat
                {
                    prompt =
                    [
                        new() { role = "system", content = "Be brief." },
                        new() { role = "user", content = i % 3 == 0 ? null : $"What is {i} + {i}?" },
                    ],
                    reward_model = new() { ground_truth = $"{2 * i}", style = i % 2 == 0 ? null : "rule" },
                    extra_info = i % 4 == 0 ? null : [.. Enumerable.Range(0, i % 4).Select(k => (int?)(k == 1 ? null : k))],
                }),
        ];
        await WriteAsync(rows, CompressionMethod.Snappy);
        Assert.Equal(
            rows.Select(row => Canonical(JsonSerializer.SerializeToElement(row))),
            DataFile.Records(_path).Select(record => Canonical(record.Fields))
        );
    }

    [Fact]
    public async Task A_decimal_is_a_JSON_number()
    {
        await WriteAsync<Rated>(
            [
                new()
                {
                    question = "q",
                    answer = 1.50m,
                    rate = 0.25m,
                },
            ],
            CompressionMethod.Zstd
        );
        JsonElement[] numbers =
        [
            .. DataFile
                .Records(_path)
                .SelectMany(record => new[] { record.Fields.GetProperty("rate"), record.Fields.GetProperty("answer") })
                .Select(number => number.Clone()),
        ];
        Assert.All(numbers, number => Assert.Equal(JsonValueKind.Number, number.ValueKind));
        Assert.Equal([0.25m, 1.5m], numbers.Select(number => number.GetDecimal()));
    }

    [Fact]
    public void A_time_of_day_is_written_as_ISO_8601()
    {
        // A SchemaElement of type INT64 with the converted type TIME_MICROS.
        int position = 0;
        var leaf = new ParquetNode("at", ParquetRepetition.Required, 0, 0, ThriftStruct.Read([0x15, 0x04, 0x55, 0x10, 0x00], ref position));
        object[] values = new object[1];
        ParquetValues.Read(BitConverter.GetBytes(3_723_500_000L), 0, leaf, null, values, new(1 << 20));
        Assert.Equal("01:02:03.5000000", values[0]);
        Assert.Throws<FormatException>(() => ParquetValues.Read(BitConverter.GetBytes(-1L), 0, leaf, null, values, new(1 << 20)));
    }

    [Fact]
    public void A_page_that_claims_a_wrong_length_is_refused_before_memory_is_allocated()
    {
        // Snappy's header claims 256 MiB, the page header ten bytes.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "10 bytes",
            Assert.Throws<FormatException>(() => ParquetPacking.Unpack(1, [0x80, 0x80, 0x80, 0x80, 0x01, 0x00, 0x61], 10)).Message
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        // Four MiB cannot decompress to more than an array holds, whatever a 64-bit header claims.
        Assert.All(Enumerable.Range(0, 8), codec => Assert.InRange(ParquetPacking.MaxUnpacked(codec, 4 << 20), 4 << 20, Array.MaxLength));
        Assert.Equal(40 << 20, ParquetPacking.MaxUnpacked(0, 40 << 20));
    }

    private sealed class Problem
    {
        public string question { get; set; } = "";

        public string answer { get; set; } = "";
    }

    private sealed class Rated
    {
        public string question { get; set; } = "";

        public decimal answer { get; set; }

        public decimal rate { get; set; }
    }

    private sealed class Chat
    {
        public List<Turn>? prompt { get; set; }

        public Reward? reward_model { get; set; }

        public List<int?>? extra_info { get; set; }
    }

    private sealed class Turn
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    private sealed class Reward
    {
        public string? ground_truth { get; set; }

        public string? style { get; set; }
    }

    private async Task WriteAsync<T>(IReadOnlyCollection<T> rows, CompressionMethod compression)
    {
        await using FileStream file = File.Create(_path);
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { CompressionMethod = compression, RowGroupSize = 100 });
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static string Canonical(JsonElement value) => JsonSerializer.Serialize(value);
}
