namespace ICPO.DataFiles.Tests;

/// <summary>What stands where a data set or a row should is called what it is, with its place.</summary>
public sealed class NoRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "Git LFS", "12 bytes")]
    [InlineData("a.jsonl", "version https://git-lfs.github.com/spec/v1\r\noid sha256:00\r\nsize 12\r\n", "Git LFS", "12 bytes")]
    [InlineData("a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS", "a.parquet")]
    [InlineData("a.jsonl.gz", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "Git LFS", "a.jsonl.gz")]
    [InlineData("a.json", "version https://hawser.github.com/spec/v1\noid sha256:00\nsize 9\n", "Git LFS", "a.json")]
    [InlineData("a.jsonl", "null\n", ":1", "null")]
    [InlineData("a.jsonl", "{\"a\": 1}\nnull\n{\"a\": 2}\n", ":2", "null")]
    [InlineData("a.json", "[null]", ":1", "null")]
    [InlineData("a.json", "[{\"a\": 1},\n null]", ":2", "null")]
    [InlineData("a.json", "{\n\"a\": 1\n}\nnull", ":4", "null")]
    public void It_is_refused_by_name(string name, string text, params string[] named)
    {
        string path = _folder.Write(name, text);
        string message = Assert.Throws<InvalidDataException>(() => DataFile.Records(path).Count()).Message;
        Assert.Contains(path, message);
        Assert.All(named, part => Assert.Contains(part, message));
    }

    [Fact]
    public void A_directory_with_one_pointer_among_its_files_names_that_file()
    {
        _folder.Write("a.jsonl", "{\"a\": 1}\n");
        _folder.Write("b.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n");
        Assert.Contains(_folder.In("b.jsonl"), Assert.Throws<InvalidDataException>(() => DataFile.Records(_folder.Path).Count()).Message);
    }
}
