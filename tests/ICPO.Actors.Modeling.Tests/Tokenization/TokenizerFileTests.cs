using System.Text;

namespace ICPO.Actors.Modeling.Tests;

/// <summary>A tokenizer.json of four letters, with something put into it.</summary>
public sealed class TokenizerFileTests
{
    [Fact]
    public void Added_tokens_are_numbered_on_from_the_vocabulary_as_the_reference_does()
    {
        var tokenizer = Load(added: """[{"id": 90, "content": "<x>"}, {"id": 1, "content": "b"}, {"id": 70, "content": "<y>"}]""");
        Assert.Equal([0, 4, 1, 5], tokenizer.Encode("a<x>b<y>"));
    }

    [Fact]
    public void A_token_that_stands_alone_does_not_touch_a_joiner() =>
        Assert.Equal([0, 1, 3], Load(added: """[{"id": 3, "content": "ab", "single_word": true}]""").Encode("ab\u200D ab"));

    [Fact]
    public void Words_hold_marks_and_joiners() => Assert.Equal(["न्\u200D", "!", "कि"], PreTokens("""{"type": "Whitespace"}""", "न्\u200D! कि"));

    [Fact]
    public void A_pattern_that_matches_nothing_cuts_where_it_matches() => Assert.Equal(
        ["1", "234", "567"], PreTokens("""{"type": "Split", "pattern": {"Regex": "(?<=\\d)(?=(\\d{3})+(?!\\d))"}, "behavior": "Isolated", "invert": false}""", "1234567"));

    [Theory]
    [InlineData("①ﬁ\u1E9B\u0323", "1fi\u1E69")]
    [InlineData("가\u00A0ｱ", "가 ア")]
    public void Text_that_only_looks_different_is_brought_to_form_KC(string text, string expected) => Assert.Equal(expected, UnicodeNormalization.ToNfkc(text));

    [Theory]
    [InlineData("""["a", "b", "c"]""", "model.merges")]
    [InlineData("""[["a", null]]""", "model.merges")]
    [InlineData("""[["a", "z"]]""", "'z'")]
    [InlineData("""[]""", "post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}], "special_tokens": {"<s>": {"ids": [77]}}}""")]
    [InlineData("""[]""", "post_processor.single", """{"type": "TemplateProcessing", "single": [], "special_tokens": {}}""")]
    [InlineData("""[]""", "post_processor.cls", """{"type": "BertProcessing", "cls": ["a", "b"], "sep": ["a", 0]}""")]
    [InlineData("""["\ud800 a"]""", "surrogate")]
    public void What_is_wrong_is_named(string merges, string named, string post = "null") =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Load(merges: merges, post: post)).Message);

    private static SubwordTokenizer Load(string added = "[]", string merges = "[]", string post = "null") => (SubwordTokenizer)TokenizerJson.Parse("t.json", Encoding.UTF8.GetBytes(
        $$$"""{"added_tokens": {{{added}}}, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": {{{post}}}, "decoder": null, "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3}, "merges": {{{merges}}}}}"""));

    private static string[] PreTokens(string preTokenizer, string text)
    {
        using var json = JsonFile.Parse("t.json", Encoding.UTF8.GetBytes($$"""{"pre_tokenizer": {{preTokenizer}}}"""));
        return [.. PreTokenizers.Read(json.Keys.Object("pre_tokenizer"))(new(text, AtStart: true)).Select(p => p.Text)];
    }
}
