using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace ICPO.Actors.Tasks.Tests;

/// <summary>Files that another program (Parquet.Net) writes, so that a checkout without reference files holds the reader to something.</summary>
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
    public async Task Grade_school_problems_are_recognised_in_every_packing(CompressionMethod packing)
    {
        Problem[] rows = [.. Enumerable.Range(0, 250).Select(i => new Problem
        {
            question = $"Ada has {i} apples and gets {i % 7} more. How many – «now»?",
            answer = $"She has {i} + {i % 7}.\n#### {(i + (i % 7)).ToString(CultureInfo.InvariantCulture)}",
        })];
        await WriteAsync(rows, packing);
        Row[] read = [.. DataFile.Read(_path, new()).Select(row => new Row(row.Question.Text, row.Question.Answer))];
        Assert.Equal(rows.Select((row, i) => new Row(row.question, (i + (i % 7)).ToString(CultureInfo.InvariantCulture))), read);
    }

    [Fact]
    public async Task Chats_and_nested_answers_keep_their_form()
    {
        Chat[] rows = [.. Enumerable.Range(0, 40).Select(i => new Chat
        {
            prompt = [new() { role = "system", content = "Be brief." }, new() { role = "user", content = i % 3 == 0 ? null : $"What is {i} + {i}?" }],
            reward_model = new() { ground_truth = $"{2 * i}", style = i % 2 == 0 ? null : "rule" },
            extra_info = i % 4 == 0 ? null : [.. Enumerable.Range(0, i % 4).Select(k => (int?)(k == 1 ? null : k))],
        })];
        await WriteAsync(rows, CompressionMethod.Snappy);
        Assert.Equal(rows.Select(row => Canonical(JsonSerializer.SerializeToElement(row))), DataFile.Records(_path).Select(record => Canonical(record.Fields)));
    }

    private sealed record Row(string Text, string Answer);

    private sealed class Problem
    {
        public string question { get; set; } = "";

        public string answer { get; set; } = "";
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

    private async Task WriteAsync<T>(IReadOnlyCollection<T> rows, CompressionMethod packing)
    {
        await using FileStream file = File.Create(_path);
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { CompressionMethod = packing, RowGroupSize = 100 });
    }

    private static string Canonical(JsonElement value) => JsonSerializer.Serialize(value);
}
