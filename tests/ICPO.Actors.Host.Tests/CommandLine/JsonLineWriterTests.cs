using System.Text.Json;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.CommandLine;

public sealed class JsonLineWriterTests
{
    [Fact]
    public void Every_line_is_an_object_with_the_fields_that_are_known_when_it_ends()
    {
        var output = new StringWriter();
        string run = "";
        var writer = new JsonLineWriter(output, "information", () => [new("node", "n\"1"), new("run", run)], new ManualTime());
        writer.Write("the node ");
        writer.Write("is ready\r\n");
        run = "r1";
        writer.WriteLine("one\ntwo");
        JsonElement[] lines =
        [
            .. output
                .ToString()
                .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(["the node is ready", "one", "two"], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.All(lines, line => Assert.Equal("n\"1", line.GetProperty("node").GetString()));
        Assert.All(lines, line => Assert.Equal("1970-01-01T00:00:00.0000000+00:00", line.GetProperty("time").GetString()));
        Assert.False(lines[0].TryGetProperty("run", out _));
        Assert.Equal("r1", lines[1].GetProperty("run").GetString());
    }
}
