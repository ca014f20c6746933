using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.DataFiles.Tests;

/// <summary>Rows that may hold anything.</summary>
public sealed class UntrustedRowsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.data");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Reported_rows_are_refused()
    {
        foreach (string path in Untrusted.Files("jsonl"))
        {
            Untrusted.Refused<InvalidDataException>(new FileInfo(path).Length, () => Read(path));
        }
    }

    [Theory]
    [InlineData("{\"question\":\"q\",\"answer\":\"1\",\"\\ud800\":1}")]
    [InlineData("{\"\\uDfff\":1}")]
    [InlineData("{\"a\":[{\"b\":{\"x\\ud83dy\":1}}]}")]
    [InlineData("{\"prompt\":[{\"role\":\"user\",\"content\":\"q\",\"\\ud800\":1}],\"answer\":\"1\"}")]
    [InlineData("[\n{\"a\":1},\n{\"\\udc00\\ud800\":1}]")]
    [InlineData("{\n\"\\ud800\": 1}")]
    public void A_key_with_half_a_surrogate_pair_is_refused_with_its_line(string text)
    {
        File.WriteAllText(_path, text);
        Assert.StartsWith(_path + ":", Untrusted.Refused<InvalidDataException>(text.Length, () => Read(_path)).Message);
    }

    [Theory]
    [InlineData("{\"a\":\"\\ud800\"}")] // whoever reads the value says so; other fields count
    [InlineData("{\"\\ud83d\\ude42\":1}")]
    [InlineData("{\"\\\\ud800\":1}")]
    public void Whole_pairs_and_values_are_rows(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Single(DataFile.Records(_path));
    }

    [Theory]
    [InlineData("{\"a\":", "1}", 65)]
    [InlineData("[", "", 100_000)]
    [InlineData("[[", "", 100_000)]
    [InlineData("{\"a\":[", "", 50_000)]
    [InlineData("\uFEFF", "", 50_000)]
    [InlineData("\u2028", "x", 50_000)]
    [InlineData("{}", "", 100_000)]
    [InlineData("{\n}", "", 60_000)]
    [InlineData("\"", "", 100_000)]
    public void Depth_and_repetition_cost_memory_in_proportion(string piece, string end, int times)
    {
        string text = string.Concat(Enumerable.Repeat(piece, times)) + end;
        File.WriteAllText(_path, text);
        Untrusted.ReadOrRefused<InvalidDataException>(text.Length, () => Read(_path));
    }

    [Fact]
    public void A_small_file_that_decompresses_to_very_much_is_refused()
    {
        using (var gzip = new GZipStream(File.Create(_path), CompressionLevel.SmallestSize))
        {
            byte[] blank = new byte[1 << 20];
            blank.AsSpan().Fill((byte)'\n');
            for (int i = 0; i < 200; i++)
            {
                gzip.Write(blank);
            }
        }

        Assert.Contains(
            "decompress",
            Untrusted.Refused<InvalidDataException>(new FileInfo(_path).Length, () => Read(_path)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":{\"\\udead\":1}}")]
    public void A_model_file_with_half_a_surrogate_pair_is_refused(string text) =>
        Untrusted.Refused<InvalidDataException>(text.Length, () => JsonFile.Parse("config.json", Encoding.UTF8.GetBytes(text)));

    /// <summary>Every row, and a look at its fields.</summary>
    private static void Read(string path)
    {
        foreach ((string _, JsonElement row) in DataFile.Rows(path))
        {
            if (row.ValueKind == JsonValueKind.Object)
            {
                _ = row.TryGetProperty("answer", out _);
                Assert.All(row.EnumerateObject(), property => Assert.NotNull(property.Name));
            }
        }
    }
}
