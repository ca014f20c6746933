using System.Text;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Pipeline;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Tests;

/// <summary>A tokenizer.json of four letters with one change.</summary>
public sealed class TokenizerFileTests
{
    [Fact]
    public void Added_tokens_are_numbered_on_from_the_vocabulary_as_the_reference_does()
    {
        SubwordTokenizer tokenizer = Load(
            added: """[{"id": 90, "content": "<x>"}, {"id": 1, "content": "b"}, {"id": 70, "content": "<y>"}]"""
        );
        Assert.Equal([0, 4, 1, 5], tokenizer.Encode("a<x>b<y>"));
    }

    [Fact]
    public void An_added_token_that_is_empty_or_occurs_again_takes_no_id()
    {
        SubwordTokenizer tokenizer = Load(
            added: """[{"id": 4, "content": ""}, {"id": 4, "content": "<x>"}, {"id": 5, "content": "<x>"}, {"id": 5, "content": "<y>"}]"""
        );
        Assert.Equal([4, 5, 0], tokenizer.Encode("<x><y>a"));
    }

    [Fact]
    public void A_repeated_added_token_has_its_last_flags_but_stays_special()
    {
        SubwordTokenizer tokenizer = Load(
            added: """
            [
              {"id": 4, "content": "<x>", "special": true},
              {"id": 4, "content": "<x>", "single_word": true},
              {"id": 5, "content": "<y>"}
            ]
            """
        );
        Assert.Equal([0, 0, 4], tokenizer.Encode("a<x>a <x>")); // characters without a token are dropped
        Assert.Equal("a <y>", tokenizer.Decode([0, 4, 5], skipSpecialTokens: true));
    }

    [Fact]
    public void A_single_word_token_does_not_touch_a_joiner() =>
        Assert.Equal([0, 1, 3], Load(added: """[{"id": 3, "content": "ab", "single_word": true}]""").Encode("ab\u200D ab"));

    [Fact]
    public void Words_hold_marks_and_joiners() =>
        Assert.Equal(["न्\u200D", "!", "कि"], PreTokens("""{"type": "Whitespace"}""", "न्\u200D! कि"));

    [Fact]
    public void An_empty_match_splits_the_text() =>
        Assert.Equal(
            ["1", "234", "567"],
            PreTokens(
                """{"type": "Split", "pattern": {"Regex": "(?<=\\d)(?=(\\d{3})+(?!\\d))"}, "behavior": "Isolated", "invert": false}""",
                "1234567"
            )
        );

    [Fact]
    public void A_repeated_merge_has_its_last_rank() =>
        Assert.Equal(
            [0, 4],
            Load(vocabulary: """{"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4}""", merges: """["a b", "b c", "a b"]""").Encode("abc")
        );

    [Fact]
    public void A_line_with_the_version_is_not_a_merge() =>
        Assert.Equal([3, 2], Load(merges: """["#version: 0.2", "a b"]""").Encode("abc"));

    [Theory]
    [InlineData("zéa", false, new[] { 2, 3, 1, 0 })] // bytes precede an unknown token
    [InlineData("zézaz", false, new[] { 2, 3, 1, 1, 0, 1 })]
    [InlineData("zézaz", true, new[] { 2, 3, 1, 0, 1 })] // also if it is fused with a later one
    [InlineData("zzaa", false, new[] { 1, 1, 4 })]
    public void An_unknown_token_is_emitted_before_the_next_known_character(string text, bool fuses, int[] expected) =>
        Assert.Equal(
            expected,
            Load(
                    vocabulary: """{"a": 0, "<unk>": 1, "<0xC3>": 2, "<0xA9>": 3, "aa": 4}""",
                    merges: """["a a"]""",
                    settings: $$""", "byte_fallback": true, "unk_token": "<unk>", "fuse_unk": {{(fuses ? "true" : "false")}}"""
                )
                .Encode(text)
        );

    [Fact]
    public void A_missing_unknown_token_is_an_error_only_if_it_is_needed()
    {
        SubwordTokenizer tokenizer = Load(settings: """, "unk_token": "<unk>" """);
        Assert.Equal([0, 1, 2], tokenizer.Encode("abc"));
        string message = Assert.Throws<InvalidDataException>(() => tokenizer.Encode("abcd")).Message;
        Assert.StartsWith("t.json: model.unk_token '<unk>'", message);
        Assert.Contains("'d'", message);
    }

    [Fact]
    public void A_file_without_tokens_is_rejected() =>
        Assert.Contains("model.vocab", Assert.Throws<InvalidDataException>(() => Load(vocabulary: "{}")).Message);

    [Fact]
    public void Long_runs_of_marks_are_reordered()
    {
        const int Many = 1_000_000;
        string text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", Many)) + "b\u0301\u0323";
        Assert.Equal($"a{new string('\u0323', Many)}{new string('\u0301', Many)}b\u0323\u0301", UnicodeNormalization.ToNfd(text));
    }

    [Theory]
    [InlineData("①ﬁ\u1E9B\u0323", "1fi\u1E69")]
    [InlineData("가\u00A0ｱ", "가 ア")]
    public void Text_is_normalized_to_form_KC(string text, string expected) => Assert.Equal(expected, UnicodeNormalization.ToNfkc(text));

    [Theory]
    [InlineData("""["a", "b", "c"]""", "model.merges")]
    [InlineData("""[["a", null]]""", "model.merges")]
    [InlineData("""[["a", "z"]]""", "'z'")]
    [InlineData(
        """[]""",
        "post_processor",
        """
            {
              "type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
              "special_tokens": {"<s>": {"ids": [77]}}
            }
            """
    )]
    [InlineData("""[]""", "post_processor.single", """{"type": "TemplateProcessing", "single": [], "special_tokens": {}}""")]
    [InlineData("""[]""", "post_processor.cls", """{"type": "BertProcessing", "cls": ["a", "b"], "sep": ["a", 0]}""")]
    [InlineData("""["\ud800 a"]""", "surrogate")]
    public void Errors_name_the_key(string merges, string named, string post = "null") =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Load(merges: merges, post: post)).Message);

    private static SubwordTokenizer Load(
        string added = "[]",
        string merges = "[]",
        string post = "null",
        string vocabulary = """{"a": 0, "b": 1, "c": 2, "ab": 3}""",
        string settings = ""
    ) =>
        (SubwordTokenizer)
            TokenizerJson.Parse(
                "t.json",
                Encoding.UTF8.GetBytes(
                    $$$"""
                    {
                      "added_tokens": {{{added}}},
                      "pre_tokenizer": {"type": "WhitespaceSplit"},
                      "post_processor": {{{post}}},
                      "decoder": null,
                      "model": {"type": "BPE", "vocab": {{{vocabulary}}}, "merges": {{{merges}}}{{{settings}}}}
                    }
                    """
                )
            );

    private static string[] PreTokens(string preTokenizer, string text)
    {
        using var json = JsonFile.Parse("t.json", Encoding.UTF8.GetBytes($$"""{"pre_tokenizer": {{preTokenizer}}}"""));
        return [.. PreTokenizers.Read(json.Keys.Object("pre_tokenizer"))(new(text, AtStart: true), new(text.Length)).Select(p => p.Text)];
    }
}
