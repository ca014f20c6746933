using System.Text.Json;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Scoring;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

/// <summary>Files of a model directory that are missing, or are something else than their name says, are called what they are.</summary>
public sealed class WeightFilesTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22e\nsize 12345\n";
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(HuggingFaceDirectory.Config, Pointer)]
    [InlineData(HuggingFaceDirectory.Weights, Pointer)]
    [InlineData(TokenizerJson.FileName, Pointer)]
    [InlineData("tokenizer_config.json", Pointer)]
    [InlineData("generation_config.json", Pointer)]
    [InlineData("chat_template.jinja", Pointer)]
    [InlineData(HuggingFaceDirectory.Weights, "version https://hawser.github.com/spec/v1\noid sha256:00\nsize 1\n")]
    [InlineData(HuggingFaceDirectory.Weights, "version https://git-lfs.github.com/spec/v1\r\noid sha256:00\r\nsize 1\r\n")]
    [InlineData(HuggingFaceDirectory.Weights, "version https://git-lfs.github.com/spec/v1\next-0-x sha256:00\noid sha256:00\nsize 1")]
    public void A_pointer_of_Git_LFS_is_called_that(string file, string text)
    {
        string model = Model();
        File.WriteAllText(Path.Combine(model, file), text);
        string message = Assert
            .Throws<InvalidDataException>(() =>
            {
                var source = ModelSource.Open(model);
                source.FindChatTemplate();
                source.LoadTokenizer();
                source.Load();
            })
            .Message;
        Assert.Contains(Path.Combine(model, file), message);
        Assert.Contains("Git LFS", message);
    }

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("model.safetensors")]
    [InlineData("adapter_model.safetensors")]
    [InlineData("tokenizer.json")]
    public void A_pointer_that_is_named_as_the_model_is_called_that_too(string name)
    {
        string path = _folder.Write(name, Pointer);
        Assert.Contains("Git LFS", Assert.Throws<InvalidDataException>(() => ModelSource.Open(path)).Message);
        Assert.Contains("Git LFS", Assert.Throws<InvalidDataException>(() => ModelTexts.LoadTokenizer(path)).Message);
    }

    [Fact]
    public void A_file_of_tensors_is_no_model() =>
        Assert.Contains(
            HuggingFaceDirectory.Config,
            Assert.Throws<InvalidDataException>(() => ModelSource.Open(Path.Combine(Model(), HuggingFaceDirectory.Weights))).Message
        );

    [Theory]
    [InlineData("model-00001-of-00003.safetensors model-00002-of-00003.safetensors model-00003-of-00003.safetensors", "3 of its 3 shards")]
    [InlineData("model-00002-of-00003.safetensors", "1 of its 3 shards")]
    [InlineData("pytorch_model.bin", "pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin", "pytorch_model-00001-of-00002.bin")]
    [InlineData("consolidated.safetensors", "consolidated.safetensors")]
    [InlineData("model.Q4_0.gguf", "model.Q4_0.gguf")]
    [InlineData("", HuggingFaceDirectory.Weights)]
    public void A_directory_without_weights_says_what_it_holds_instead(string files, string named)
    {
        string model = Model();
        string weights = Path.Combine(model, HuggingFaceDirectory.Weights);
        foreach (string name in files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            File.Copy(weights, Path.Combine(model, name));
        }

        File.Delete(weights);
        string message = Assert.Throws<InvalidDataException>(() => SequenceScorer.Load(model)).Message;
        Assert.Contains(model, message);
        Assert.Contains(named, message);
    }

    [Theory]
    [InlineData("a.safetensors b.safetensors", "a.safetensors", "b.safetensors")]
    [InlineData("a.safetensors b.safetensors c.safetensors", "", "a.safetensors")]
    [InlineData("", "", "weight_map")]
    [InlineData("../a.safetensors", "", "../a.safetensors")]
    public void An_index_names_its_missing_shards(string shards, string there, string named)
    {
        string model = Model();
        string weights = Path.Combine(model, HuggingFaceDirectory.Weights);
        foreach (string name in there.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            File.Copy(weights, Path.Combine(model, name));
        }

        File.Delete(weights);
        var map = shards.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index().ToDictionary(s => $"tensor{s.Index}", s => s.Item);
        File.WriteAllText(Path.Combine(model, Index), JsonSerializer.Serialize(new { weight_map = map }));
        string message = Assert.Throws<InvalidDataException>(() => SequenceScorer.Load(model)).Message;
        Assert.Contains(Index, message);
        Assert.Contains(named, message);
    }

    private string Model()
    {
        string directory = _folder.In("model");
        using Decoder decoder = Learners.Decoder();
        HuggingFaceDirectory.Save(directory, decoder, new(1, [2], 0), CharacterTokenizer.Create("abcdefghijklmnopqrst").Save);
        return directory;
    }
}
