using System.Text;
using System.Text.Json;

namespace ICPO.Tokenizers.Tests;

/// <summary>A tokenizer.json that may hold anything: no step makes a text many times longer, no pattern takes long.</summary>
public sealed class UntrustedTokenizerTests
{
    private const string Text = "a quick brown fox, 12:30; \u00C9t\u00E9 \uFDFA\uFDFA \U0001F642 aaaa bbbb";

    private const string Tenfold = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aaaaaaaaaa"}""";

    [Fact]
    public void Reported_files_are_refused_or_their_texts_are()
    {
        foreach (string path in Untrusted.Files("tokenizer"))
        {
            byte[] json = File.ReadAllBytes(path);
            Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
            Assert.True(Untrusted.Read(json.Length, () => Use(json)) is InvalidDataException, path);
        }
    }

    [Fact]
    public void A_decoder_that_multiplies_is_refused_by_the_name_of_its_step()
    {
        byte[] json = Tokenizer(decoder: Sequence("decoders", Enumerable.Repeat(Tenfold, 8)));
        InvalidDataException refused = Untrusted.Refused<InvalidDataException>(json.Length, () => Use(json));
        Assert.Contains("decoder.decoders[", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalizer_that_multiplies_is_refused_by_the_name_of_its_step()
    {
        byte[] json = Tokenizer(normalizer: Sequence("normalizers", Enumerable.Repeat(Tenfold, 8)));
        InvalidDataException refused = Untrusted.Refused<InvalidDataException>(json.Length, () => Use(json));
        Assert.Contains("normalizer.normalizers[", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "Prepend", "prepend": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", 60)]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": ""}, "content": "aaaaaaaaaa"}""", 20)]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "."}, "content": "aaaaaaaaaa"}""", 20)]
    [InlineData("""{"type": "ByteLevel"}""", 60)]
    [InlineData("""{"type": "NFKD"}""", 60)]
    public void Chains_of_normalizers_are_bounded(string step, int times)
    {
        byte[] json = Tokenizer(normalizer: Sequence("normalizers", Enumerable.Repeat(step, times)));
        Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
    }

    [Theory]
    [InlineData("""{"type": "Metaspace", "replacement": "  "}""", 30)]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "use_regex": false}""", 60)]
    [InlineData("""{"type": "ByteLevel"}""", 30)]
    public void Chains_of_pre_tokenizers_are_bounded(string step, int times)
    {
        byte[] json = Tokenizer(preTokenizer: Sequence("pretokenizers", Enumerable.Repeat(step, times)));
        Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
    }

    [Theory]
    [InlineData("normalizer", "normalizers", """{"type": "NFC"}""")]
    [InlineData("pre_tokenizer", "pretokenizers", """{"type": "Split", "pattern": {"Regex": "\\p{L}+"}}""")]
    [InlineData("decoder", "decoders", """{"type": "Fuse"}""")]
    public void More_steps_than_any_tokenizer_has_are_refused(string key, string list, string step)
    {
        string many = Sequence(list, Enumerable.Repeat(step, 65));
        byte[] json = key switch
        {
            "normalizer" => Tokenizer(normalizer: many),
            "pre_tokenizer" => Tokenizer(preTokenizer: many),
            _ => Tokenizer(decoder: many),
        };
        Assert.Contains(key, Untrusted.Refused<InvalidDataException>(json.Length, () => Use(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+c")]
    [InlineData("(?:a*)*c")]
    [InlineData("(.*)*x")]
    [InlineData("((((a{0,99999}){0,99999}){0,99999}){0,99999})b")]
    public void A_pattern_that_tries_too_many_ways_is_refused(string pattern)
    {
        byte[] json = Split(pattern);
        var refused =
            Untrusted.Read(json.Length, () => TokenizerJson.Parse("t", json).Encode(new string('a', 5_000) + "b")) as InvalidDataException;
        Assert.True(refused is null || refused.Message.Contains(pattern[..4], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".", 10_000)]
    [InlineData("\\p{L}", 10_000)]
    [InlineData("(", 10_000)]
    [InlineData("(?:", 800)]
    [InlineData("[", 2_000)]
    [InlineData("[^\\p{L}]", 400)]
    [InlineData("(?i:\\p{L})", 300)]
    [InlineData("a{999}", 500)]
    [InlineData("\\b", 1_500)]
    [InlineData("|", 3_000)]
    public void Long_patterns_are_refused_or_read(string piece, int times)
    {
        byte[] json = Split(string.Concat(Enumerable.Repeat(piece, times)));
        Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
    }

    [Fact]
    public void Many_different_characters_in_a_pattern_are_refused_or_read()
    {
        byte[] json = Split($"[{string.Concat(Enumerable.Range(0x4E00, 3_000).Select(c => (char)c))}]");
        Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
        json = Split(string.Join('|', Enumerable.Range(0x4E00, 1_000).Select(c => (char)c)));
        Untrusted.ReadOrRefused<InvalidDataException>(json.Length, () => Use(json));
    }

    [Fact]
    public void Many_added_tokens_that_begin_alike_cost_no_more_than_the_text()
    {
        string added = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$"""{"id": {{i + 30}}, "content": "<<{{i}}>"}"""));
        byte[] json = Tokenizer(added: added);
        Tokenizer tokenizer = TokenizerJson.Parse("t", json);
        string text = new string('<', 200_000) + "77>";
        Untrusted.ReadOrRefused<InvalidDataException>(text.Length, () => tokenizer.Encode(text));
        Assert.Equal(["<<77>", "<<7>"], [tokenizer.Decode(tokenizer.Encode("<<77>")), tokenizer.Decode(tokenizer.Encode("<<7>"))]);
    }

    [Fact]
    public void The_longest_added_token_is_found()
    {
        Gen.String[Gen.Char['a', 'c'], 1, 5]
            .Array[1, 12]
            .Select(Gen.String[Gen.Char['a', 'c'], 0, 30])
            .Sample(
                (tokens, text) =>
                {
                    string[] distinct = [.. tokens.Distinct()];
                    Pipeline.AddedTokens added = new(distinct.Select((t, i) => new Pipeline.AddedToken(i, t, Special: false)));
                    List<string> expected = [];
                    for (int at = 0; at < text.Length; )
                    {
                        string? longest = distinct.Where(t => string.CompareOrdinal(text, at, t, 0, t.Length) == 0).MaxBy(t => t.Length);
                        expected.AddRange(longest is null ? [] : [longest]);
                        at += longest?.Length ?? 1;
                    }

                    Assert.Equal(expected, added.Cut(text).Where(part => part.Token is not null).Select(part => part.Text));
                }
            );
    }

    [Theory]
    [InlineData("continuing_subword_prefix")]
    [InlineData("end_of_word_suffix")]
    public void A_long_affix_is_refused_by_name(string key)
    {
        byte[] json = Tokenizer(settings: $", \"{key}\": \"{new string('x', 100_000)}\"");
        Assert.Contains(key, Untrusted.Refused<InvalidDataException>(json.Length, () => Use(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre_tokenizer")]
    [InlineData("decoder")]
    public void An_empty_replacement_is_refused(string key)
    {
        const string Empty = """{"type": "Metaspace", "replacement": ""}""";
        byte[] json = key == "decoder" ? Tokenizer(decoder: Empty) : Tokenizer(preTokenizer: Empty);
        Assert.Contains("replacement", Untrusted.Refused<InvalidDataException>(json.Length, () => Use(json)).Message);
    }

    private static void Use(byte[] json)
    {
        Tokenizer tokenizer = TokenizerJson.Parse("tokenizer.json", json);
        tokenizer.Encode(Text);
        tokenizer.Decode([.. Enumerable.Range(0, 30)]);
    }

    private static byte[] Split(string pattern) =>
        Tokenizer(
            preTokenizer: $$"""{"type": "Split", "pattern": {"Regex": {{JsonSerializer.Serialize(pattern)}}}, "behavior": "Isolated"}"""
        );

    private static string Sequence(string list, IEnumerable<string> steps) =>
        $$"""{"type": "Sequence", "{{list}}": [{{string.Join(", ", steps)}}]}""";

    private static byte[] Tokenizer(
        string added = "",
        string normalizer = "null",
        string preTokenizer = """{"type": "Digits"}""",
        string decoder = """{"type": "Fuse"}""",
        string settings = ""
    )
    {
        string vocabulary = string.Join(", ", Enumerable.Range(0, 26).Select(i => $"\"{(char)('a' + i)}\": {i}"));
        return Encoding.UTF8.GetBytes(
            $$$"""
            {"added_tokens": [{{{added}}}], "normalizer": {{{normalizer}}}, "pre_tokenizer": {{{preTokenizer}}}, "decoder": {{{decoder}}},
             "model": {"type": "BPE", "vocab": {{{{vocabulary}}}}, "merges": []{{{settings}}}}}
            """
        );
    }
}
