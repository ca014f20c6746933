using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>Tokenizer and chat templates of GGUF files that the tests write themselves.</summary>
public sealed class GgufTextsTests : IDisposable
{
    private static readonly ChatRequest Plain = new([new JsonObject { ["role"] = "user", ["content"] = "hi" }]);
    private static readonly ChatRequest WithTools = Plain with { Tools = [new JsonObject { ["name"] = "f" }] };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Named_templates_are_those_of_the_file_before_and_after_a_conversion()
    {
        string file = Write(
            "a.gguf",
            ("tokenizer.chat_template", "plain"),
            ("tokenizer.chat_template.tool_use", "{{ tools | length }}{{ eos_token }}"),
            ("tokenizer.chat_template.rag", "rag")
        );
        string directory = Path.Combine(_folder.Path, "converted");
        GgufConversion.Convert(file, directory);
        foreach (string path in new[] { file, directory })
        {
            ChatTemplate template = ModelTexts.LoadChatTemplate(path);
            Assert.Equal("plain", template.Render(Plain).Text);
            Assert.Equal("1<end>", template.Render(WithTools).Text);
            Assert.Equal("plain", ModelTexts.LoadChatTemplate(path, "default").Render(WithTools).Text);
            Assert.Equal("rag", ModelTexts.LoadChatTemplate(path, "rag").Render(WithTools).Text);
        }
    }

    [Fact]
    public void A_file_with_named_templates_only_has_no_default_one()
    {
        string file = Write("a.gguf", ("tokenizer.chat_template.rag", "rag"));
        string directory = Path.Combine(_folder.Path, "converted");
        GgufConversion.Convert(file, directory);
        foreach (string path in new[] { file, directory })
        {
            Assert.Equal("rag", ModelTexts.LoadChatTemplate(path, "rag").Render(Plain).Text);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ModelTexts.LoadChatTemplate(path)).Message);
        }
    }

    [Fact]
    public void A_tokenizer_json_goes_before_any_number_of_files_beside_it()
    {
        Write("a.gguf");
        Write("b.gguf");
        Assert.Contains("a.gguf, b.gguf", Assert.Throws<InvalidDataException>(() => ModelTexts.LoadTokenizer(_folder.Path)).Message);
        CharacterTokenizer.Create("xyz").Save(_folder.Path);
        Assert.Equal([3, 4, 5], ModelTexts.LoadTokenizer(_folder.Path).Encode("xyz"));
    }

    private string Write(string name, params (string Key, object Value)[] metadata)
    {
        string path = Path.Combine(_folder.Path, name);
        using Decoder decoder = Models.Random(Learners.Config, 1);
        GgufWriter.Write(path, decoder, "F32", metadata);
        return path;
    }
}
