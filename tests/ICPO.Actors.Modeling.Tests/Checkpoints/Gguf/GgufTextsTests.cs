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

    [Theory]
    // Kind, rules, add_bos_token, add_eos_token, bos_token_id, the ids in front of and behind a text.
    [InlineData("gpt2", "gpt-2", null, null, 3u, "", "")]
    [InlineData("gpt2", "gpt-2", true, null, 3u, "3", "")]
    [InlineData("gpt2", "gpt-2", false, null, 3u, "", "")]
    [InlineData("gpt2", "gpt-2", true, true, 3u, "3", "22")]
    [InlineData("gpt2", "gpt-2", null, true, 3u, "", "22")]
    [InlineData("gpt2", "gpt-2", null, null, null, "", "")]
    [InlineData("gpt2", "smollm", null, null, 3u, "", "")]
    [InlineData("gpt2", "smollm", true, null, 3u, "3", "")]
    [InlineData("gpt2", "qwen2", null, null, 3u, "", "")]
    [InlineData("gpt2", "qwen2", true, null, 3u, "3", "")]
    [InlineData("gpt2", "llama-bpe", null, null, 3u, "3", "")]
    [InlineData("gpt2", "llama-bpe", true, null, 3u, "3", "")]
    [InlineData("gpt2", "llama-bpe", false, null, 3u, "", "")]
    [InlineData("gpt2", "llama-bpe", null, null, null, "", "")]
    [InlineData("llama", null, null, null, 3u, "3", "")]
    [InlineData("llama", null, null, null, null, "1", "")]
    [InlineData("llama", null, true, null, null, "1", "")]
    [InlineData("llama", null, false, null, 3u, "", "")]
    [InlineData("llama", null, false, true, 3u, "", "22")]
    [InlineData("llama", null, true, true, 3u, "3", "22")]
    public void A_prompt_gets_the_special_tokens_that_the_file_or_its_kind_asks_for(
        string kind,
        string? rules,
        bool? addsBegin,
        bool? addsEnd,
        uint? begin,
        string before,
        string after
    )
    {
        string file = Write("a.gguf", [.. Keys(kind, rules, addsBegin, addsEnd, begin)]);
        string directory = Path.Combine(_folder.Path, "converted");
        GgufConversion.Convert(file, directory);
        foreach (string path in new[] { file, directory })
        {
            TextFrame frame = ModelTexts.LoadTokenizer(path).Frame;
            Assert.Equal((before, after), (string.Join(' ', frame.Before), string.Join(' ', frame.After)));
        }
    }

    [Fact]
    public void A_begin_of_text_that_is_to_be_added_but_not_named_is_refused_by_key()
    {
        string file = Write("a.gguf", [.. Keys("gpt2", "gpt-2", true, null, null)]);
        Assert.Contains("bos_token_id", Assert.Throws<InvalidDataException>(() => ModelTexts.LoadTokenizer(file)).Message);
    }

    private static IEnumerable<(string Key, object Value)> Keys(string kind, string? rules, bool? addsBegin, bool? addsEnd, uint? begin)
    {
        // A piece of two others, so that a tokenizer of single characters is not recognized.
        string[] tokens = [.. Enumerable.Range('!', Learners.Config.VocabSize - 2).Select(c => $"{(char)c}"), "!\"", "<end>"];
        yield return ("tokenizer.ggml.model", kind);
        yield return ("tokenizer.ggml.tokens", tokens);
        yield return ("tokenizer.ggml.token_type", tokens.Select(t => t.Length > 2 ? 3 : 1).ToArray());
        yield return ("tokenizer.ggml.scores", Enumerable.Range(0, Learners.Config.VocabSize).Select(i => -(float)i).ToArray());
        (string Key, object? Value)[] others =
        [
            ("tokenizer.ggml.pre", rules),
            ("tokenizer.ggml.add_bos_token", addsBegin),
            ("tokenizer.ggml.add_eos_token", addsEnd),
            ("tokenizer.ggml.bos_token_id", begin),
        ];
        foreach ((string key, object? value) in others)
        {
            if (value is not null)
            {
                yield return (key, value);
            }
        }
    }

    private string Write(string name, params (string Key, object Value)[] metadata)
    {
        string path = Path.Combine(_folder.Path, name);
        using Decoder decoder = Models.Random(Learners.Config, 1);
        GgufWriter.Write(path, decoder, "F32", metadata);
        return path;
    }
}
