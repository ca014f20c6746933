namespace ICPO.Tokenizers.Tests;

/// <summary>The special tokens that a tokenizer adds, by post_processor and by tokenizer_config.json, as in transformers 5.</summary>
public sealed class TextFrameTests : IDisposable
{
    private const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}""";
    private const string Begin = """
        {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [3], "tokens": ["<s>"]}}}
        """;
    private const string Around = """
        {"type": "TemplateProcessing", "pair": [],
         "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [3]}, "</s>": {"id": "</s>", "ids": [4]}}}
        """;
    private const string Bare =
        """{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}""";
    private const string Tokens = """ "bos_token": "<s>", "eos_token": "</s>" """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("null", null, "", "")]
    [InlineData(ByteLevel, null, "", "")]
    [InlineData(Begin, null, "3", "")]
    [InlineData(Around, null, "3", "4")]
    [InlineData(Bare, null, "", "")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 4], "cls": ["<s>", 3]}""", null, "3", "4")]
    [InlineData("""{"type": "BertProcessing", "sep": ["</s>", 4], "cls": ["<s>", 3]}""", null, "3", "4")]
    [InlineData($$"""{"type": "Sequence", "processors": [{{ByteLevel}}, {{Begin}}]}""", null, "3", "")]
    [InlineData($$"""{"type": "Sequence", "processors": [{{Begin}}, {{ByteLevel}}]}""", null, "3", "")]
    [InlineData($$"""{"type": "Sequence", "processors": [{{Begin}}, {{Begin}}]}""", null, "3 3", "")]
    [InlineData($$"""{"type": "Sequence", "processors": [{{Around}}, {{Begin}}]}""", null, "3 3", "4")]
    [InlineData("""{"type": "Sequence", "processors": []}""", null, "", "")]
    // The keys of tokenizer_config.json decide where one of them is there, or where there is no post-processor.
    [InlineData(Begin, "{" + Tokens + "}", "3", "")]
    [InlineData("null", "{" + Tokens + "}", "", "")]
    [InlineData("null", "{" + Tokens + """, "add_bos_token": true}""", "3", "")]
    [InlineData(ByteLevel, "{" + Tokens + """, "add_bos_token": true}""", "3", "")]
    [InlineData(ByteLevel, "{" + Tokens + """, "add_bos_token": true, "add_eos_token": true}""", "3", "4")]
    [InlineData(ByteLevel, "{" + Tokens + """, "add_eos_token": true}""", "", "4")]
    [InlineData(Begin, "{" + Tokens + """, "add_bos_token": true}""", "3", "")]
    [InlineData(Begin, "{" + Tokens + """, "add_bos_token": false}""", "", "")]
    [InlineData(Begin, "{" + Tokens + """, "add_bos_token": null}""", "", "")]
    [InlineData(Around, "{" + Tokens + """, "add_bos_token": true}""", "3", "")]
    [InlineData(Around, "{" + Tokens + """, "add_eos_token": false}""", "", "")]
    [InlineData(Begin, """{"bos_token": null, "add_bos_token": true}""", "", "")]
    [InlineData("null", """{"bos_token": {"content": "<s>", "lstrip": false}, "add_bos_token": true}""", "3", "")]
    public void The_frame_is_that_of_transformers(string processor, string? config, string before, string after)
    {
        Tokenizer tokenizer = Load(processor, config);
        Assert.Equal((before, after), (string.Join(' ', tokenizer.Frame.Before), string.Join(' ', tokenizer.Frame.After)));
        Assert.Equal([.. tokenizer.Frame.Before, 0, 1, .. tokenizer.Frame.After], tokenizer.Encode("ab", addSpecialTokens: true));
        Assert.Equal([0, 1], tokenizer.Encode("ab"));
    }

    [Fact]
    public void A_begin_of_text_that_only_the_map_of_special_tokens_names_is_added()
    {
        _folder.Write("special_tokens_map.json", """{"bos_token": {"content": "<s>"}}""");
        Assert.Equal([3], Load("null", """{"add_bos_token": true}""").Frame.Before);
    }

    [Theory]
    [InlineData("null", """{"bos_token": "<bos>", "add_bos_token": true}""", "bos_token")]
    [InlineData("null", """{"eos_token": "<eos>", "add_eos_token": true}""", "eos_token")]
    [InlineData("null", """{"bos_token": "<s>", "add_bos_token": "yes"}""", "add_bos_token")]
    [InlineData("""{"type": "BertProcessing", "sep": ["x", 4], "cls": ["y", 99]}""", null, "post_processor")]
    public void A_token_that_does_not_exist_is_refused_by_key(string processor, string? config, string key) =>
        Assert.Contains(key, Assert.Throws<InvalidDataException>(() => Load(processor, config)).Message);

    [Fact]
    public void A_character_tokenizer_has_the_frame_of_its_file_as_well()
    {
        CharacterTokenizer.Create("ab").Save(_folder.Path);
        string path = _folder.In(TokenizerJson.FileName);
        Assert.True(TokenizerJson.Load(_folder.Path).Frame.IsEmpty);
        File.WriteAllText(
            path,
            File.ReadAllText(path)
                .Replace(
                    "\"post_processor\": null",
                    """
                    "post_processor": {"type": "BertProcessing", "sep": ["<eos>", 2], "cls": ["<bos>", 1]}
                    """
                )
        );
        Assert.Equal([1, 3, 4, 2], TokenizerJson.Load(path).Encode("ab", addSpecialTokens: true));
    }

    private Tokenizer Load(string processor, string? config)
    {
        _folder.Write(
            TokenizerJson.FileName,
            $$$"""
            {"added_tokens": [{"id": 3, "content": "<s>", "special": true}, {"id": 4, "content": "</s>", "special": true}],
             "normalizer": null, "pre_tokenizer": {{{ByteLevel}}}, "decoder": {{{ByteLevel}}}, "post_processor": {{{processor}}},
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": []} }
            """
        );
        if (config is not null)
        {
            _folder.Write("tokenizer_config.json", config);
        }

        return TokenizerJson.Load(_folder.Path);
    }
}
