using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

public sealed class ModelFileTests
{
    [Fact]
    public void What_is_not_a_file_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string config = Path.Combine(folder.Path, "config.json"),
            weights = Path.Combine(folder.Path, "model.safetensors");
        Directory.CreateDirectory(config);
        File.CreateSymbolicLink(weights, Path.Combine(folder.Path, "nowhere"));
        Assert.StartsWith(config, Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.LoadConfig(folder.Path)).Message);
        Assert.StartsWith(weights, Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(weights)).Message);
        string longName = Path.Combine(folder.Path, new string('y', 5000));
        Assert.StartsWith(longName, Assert.Throws<InvalidDataException>(() => GgufFile.Open(longName)).Message);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' }, "UTF-8")]
    [InlineData(new byte[] { (byte)'[', (byte)']' }, "object")]
    [InlineData(new byte[] { }, "line 1")]
    public void Json_that_cannot_be_read_is_told_before_anything_asks_for_it(byte[] text, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => JsonFile.Parse("config.json", text)).Message);

    [Fact]
    public void A_sentence_stays_one_line_whatever_the_file_holds()
    {
        using var json = JsonFile.Parse(
            "config.json",
            System.Text.Encoding.UTF8.GetBytes($$"""{"hidden_size": [1,{{new string('\n', 3)}} "{{new string('y', 5000)}}"]}""")
        );
        string message = Assert.Throws<InvalidDataException>(() => json.Keys.Count("hidden_size")).Message;
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 20, 700);
    }
}
