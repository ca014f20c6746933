using ICPO.Actors.Dashboard.Reading;

namespace ICPO.Actors.Dashboard.Tests.Reading;

/// <summary>A file that grows, is replaced, repeats updates, or holds anything.</summary>
public sealed class MetricTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reading_in_parts_gives_what_reading_at_once_gives() =>
        Gen.Int[1, 40]
            .Array[1, 30]
            .Sample(
                cuts =>
                {
                    string text = string.Concat(
                        Enumerable
                            .Range(1, 20)
                            .Select(i => $"{{\"kind\":\"update\",\"update\":{1 + (i % 15)},\"seconds\":{i},\"m{i % 3}\":{i}}}\n")
                    );
                    File.WriteAllText(_folder.In("whole"), text);
                    MetricColumns whole = new MetricTable(_folder.In("whole")).Read();
                    File.Delete(_folder.In("parts"));
                    var table = new MetricTable(_folder.In("parts"));
                    int at = 0;
                    foreach (int cut in cuts.Append(text.Length))
                    {
                        int length = Math.Min(cut, text.Length - at);
                        File.AppendAllText(_folder.In("parts"), text.AsSpan(at, length));
                        at += length;
                        _ = table.Read();
                    }

                    MetricColumns parts = table.Read();
                    Assert.Equal(whole.Updates, parts.Updates);
                    Assert.Equal(whole.Seconds, parts.Seconds);
                    Assert.All(whole.Names, name => Assert.Equal(whole.Column(name), parts.Column(name)));
                },
                threads: 1,
                iter: 30
            );

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("{\"kind\":\"update\"}")]
    [InlineData("{\"kind\":\"update\",\"update\":-1,\"seconds\":1}")]
    [InlineData("{\"kind\":\"update\",\"update\":2,\"seconds\":1e999}")]
    [InlineData("{\"kind\":\"update\",\"update\":2.5,\"seconds\":1}")]
    [InlineData("{\"kind\":\"update\",\"update\":2,\"seconds\":1,\"loss\":1e999}")]
    [InlineData("{\"kind\":\"evaluation\",\"update\":2,\"seconds\":1}")]
    [InlineData("{\"kind\":\"evaluation\",\"update\":2,\"seconds\":1,\"accuracy\":0.5,\"questions\":0,\"by_tag\":{}}")]
    [InlineData("{\"kind\":\"evaluation\",\"update\":2,\"seconds\":1,\"accuracy\":1.5,\"questions\":9,\"by_tag\":{}}")]
    [InlineData("{\"update\":\"2\",\"seconds\":1}")]
    [InlineData("{\"kind\":\"update\",\"update\":2,\"seconds\":1")]
    public void A_line_of_another_shape_is_counted_and_the_others_are_read(string line)
    {
        string good = "{\"kind\":\"update\",\"update\":1,\"seconds\":1,\"loss\":1,\"text\":\"x\",\"list\":[1,{}]}\n";
        MetricColumns columns = new MetricTable(_folder.Write("metrics.jsonl", $"{good}{line}\n")).Read();
        Assert.Equal([1], columns.Updates);
        Assert.Equal(["loss"], columns.Names);
        Assert.Equal(1, columns.BrokenLines);
    }

    [Fact]
    public void A_file_that_became_shorter_is_read_again()
    {
        string path = _folder.Write("metrics.jsonl", Line(1) + Line(2) + Line(3));
        var table = new MetricTable(path);
        Assert.Equal([1, 2, 3], table.Read().Updates);
        File.WriteAllText(path, Line(7));
        Assert.Equal([7], table.Read().Updates);
        File.Delete(path);
        Assert.Equal([7], table.Read().Updates);
    }

    private static string Line(int update) => $"{{\"kind\":\"update\",\"update\":{update},\"seconds\":{update}}}\n";
}
