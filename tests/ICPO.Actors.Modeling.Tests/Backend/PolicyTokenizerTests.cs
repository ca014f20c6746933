using ICPO.Actors.Modeling.Backend;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Backend;

/// <summary>How prompts are encoded. Ids: pad 0, begin 1, end 2, then a, b, c.</summary>
public sealed class PolicyTokenizerTests
{
    private static readonly SpecialTokens Special = new(1, [2], 0);

    [Theory]
    // Tokens in front of and behind a text, whether it is a chat, the text, its ids.
    [InlineData("", "", false, "ab", "3 4")]
    [InlineData("1", "", false, "ab", "1 3 4")]
    [InlineData("1", "2", false, "ab", "1 3 4 2")]
    [InlineData("", "2", false, "ab", "3 4 2")]
    [InlineData("1", "", false, "", "1")]
    [InlineData("1 1", "", false, "ab", "1 1 3 4")]
    [InlineData("1", "", false, "<bos>ab", "1 3 4")]
    [InlineData("1", "2", false, "<bos>ab", "1 3 4 2")]
    [InlineData("", "", false, "<bos>ab", "1 3 4")]
    [InlineData("", "", true, "ab<eos>c", "3 4 2 5")]
    [InlineData("1", "", true, "<bos>ab<eos>", "1 3 4 2")]
    [InlineData("1", "", true, "ab<eos>c", "1 3 4 2 5")]
    [InlineData("1", "2", true, "<bos>ab", "1 3 4")]
    [InlineData("1", "2", true, "ab", "1 3 4")]
    [InlineData("1 1", "", true, "<bos>ab", "1 3 4")]
    [InlineData("1 1", "", true, "ab", "1 3 4")]
    [InlineData("", "2", true, "ab", "3 4")]
    [InlineData("1", "", true, "<bos>ab<bos>c", "1 3 4 1 5")]
    public void A_prompt_gets_the_tokens_around_a_text_and_one_begin_of_text(
        string before,
        string after,
        bool isChat,
        string text,
        string ids
    )
    {
        var tokenizer = new PolicyTokenizer(CharacterTokenizer.Create("abc"), new(Ids(before), Ids(after)));
        Assert.Equal(ids, string.Join(' ', tokenizer.EncodePrompt(text, isChat)));
        Assert.DoesNotContain(1, tokenizer.Encode("ab"));
    }

    [Theory]
    [InlineData(SpecialTokenRule.Auto, "3 4")]
    [InlineData(SpecialTokenRule.None, "3 4")]
    [InlineData(SpecialTokenRule.Begin, "1 3 4")]
    public void A_rule_overrides_the_tokenizer(SpecialTokenRule rule, string ids)
    {
        var tokenizer = PolicyTokenizer.Create(CharacterTokenizer.Create("abc"), rule, Special);
        Assert.Equal(ids, string.Join(' ', tokenizer.EncodePrompt("ab", isChat: false)));
        Assert.Equal(rule is SpecialTokenRule.Begin, tokenizer.Note is not null);
    }

    [Fact]
    public void A_begin_of_text_that_the_model_does_not_name_is_refused() =>
        Assert.Contains(
            "model.special-tokens",
            Assert
                .Throws<ArgumentException>(() =>
                    PolicyTokenizer.Create(CharacterTokenizer.Create("abc"), SpecialTokenRule.Begin, new(null, [2], 0))
                )
                .Message
        );

    private static System.Collections.Immutable.ImmutableArray<int> Ids(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
