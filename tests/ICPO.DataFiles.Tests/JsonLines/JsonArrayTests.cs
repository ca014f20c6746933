namespace ICPO.DataFiles.Tests.JsonLines;

/// <summary>JSON arrays and sequences of objects that span several lines.</summary>
public sealed class JsonArrayTests : IDisposable
{
    private const string Two = "{\"question\": \"a\", \"answer\": 1}, {\"question\": \"b ]}\", \"answer\": \"2\"}";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_array_longer_than_the_read_buffer_is_read_whole()
    {
        string file = Write(
            "long.json",
            "["
                + string.Join(
                    ",\n",
                    Enumerable.Range(0, 3000).Select(i => $"{{\"question\": \"{new string('q', i)}\", \"answer\": {i}}}").Skip(1)
                )
                + "]"
        );
        Assert.Equal(
            Enumerable.Range(1, 2999).Select(i => (i, i)),
            DataFile
                .Records(file)
                .Select(row => (row.Fields.GetProperty("question").GetString()!.Length, row.Fields.GetProperty("answer").GetInt32()))
        );
    }

    [Theory]
    [InlineData("[" + Two, 1, "the end of the array is missing")]
    [InlineData("[" + Two + ",]", 1, "a JSON object should begin here")]
    [InlineData("[" + Two + "] {}", 1, "after the end of the array")]
    [InlineData("[\n{\"question\": \"a\",\n \"answer\": }\n]", 2, "not a JSON object")]
    [InlineData("[\n{\"question\": \"a\",\n \"answer\": 1\n", 2, "not a JSON object")]
    [InlineData("[" + Two + ",\n7]", 2, "a JSON object should begin here")]
    [InlineData("[" + Two + "\n{}]", 2, "a comma or the end of the array is missing")]
    [InlineData("{\"question\": \"a\",\n\"answer\": 1}\n\n{\"question\":\n", 4, "not a JSON object")]
    public void A_damaged_array_is_reported_with_the_line_where_the_row_begins(string text, int line, string problem)
    {
        string file = Write("a.json", text),
            message = Assert.Throws<InvalidDataException>(() => DataFile.Records(file).Count()).Message;
        Assert.StartsWith($"{file}:{line}: ", message);
        Assert.Contains(problem, message);
        Assert.EndsWith(".", message);
    }

    private string Write(string name, string text) => _folder.Write(name, text);
}
