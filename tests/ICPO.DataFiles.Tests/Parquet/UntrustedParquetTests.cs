using Parquet;
using Parquet.Serialization;

namespace ICPO.DataFiles.Tests.Parquet;

/// <summary>Parquet files that hold much more than their size: repeated values and row groups take almost no bytes.</summary>
public sealed class UntrustedParquetTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.parquet");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Rows_that_repeat_a_long_text_are_refused_before_they_fill_the_memory()
    {
        Row[] rows = [.. Enumerable.Repeat(new Row { question = new string('q', 100_000) }, 2_000)];
        await WriteAsync(rows, CompressionMethod.Gzip);
        Assert.True(new FileInfo(_path).Length < 1 << 20);
        Assert.Throws<InvalidDataException>(() => DataFile.Records(_path).Count());
    }

    [Fact]
    public async Task Many_rows_without_values_are_read()
    {
        await WriteAsync([.. Enumerable.Repeat(new Row { question = null }, 100_000)], CompressionMethod.Snappy);
        Assert.Equal(100_000, DataFile.Records(_path).Count());
    }

    [Fact]
    public async Task A_file_of_which_bytes_are_changed_is_read_or_refused_within_the_bound()
    {
        await WriteAsync([.. Enumerable.Range(0, 50).Select(i => new Row { question = $"What is {i}?" })], CompressionMethod.Snappy);
        byte[] valid = File.ReadAllBytes(_path);
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    byte[] bytes = [.. valid];
                    foreach ((int at, byte value) in changes)
                    {
                        bytes[at] = value;
                    }

                    File.WriteAllBytes(_path, bytes);
                    Untrusted.ReadOrRefused<InvalidDataException>(bytes.Length, () => _ = DataFile.Records(_path).Count());
                },
                threads: 1
            );
    }

    private async Task WriteAsync(Row[] rows, CompressionMethod method)
    {
        await using FileStream file = File.Create(_path);
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { CompressionMethod = method });
    }

#pragma warning disable IDE1006 // The names are those of the columns.
    private sealed class Row
    {
        public string? question { get; set; }
    }
#pragma warning restore IDE1006
}
