using ICPO.Tokenizers.Patterns;

namespace ICPO.Tokenizers.Tests;

public sealed class CodePointRegexTests
{
    [Theory]
    [InlineData(@"[a-f&&[^bd]]+", "abcdef", "a|c|ef")]
    [InlineData(@"[x[0-4]y]+", "x12y56", "x12y")]
    [InlineData(@"[^\s[.,]]+", "one, two.", "one|two")]
    [InlineData(@"\w+", "कि½ x", "कि½|x")]
    [InlineData(@"[^\W\d_]+", "a½b_c4", "a|b|c")]
    [InlineData(@"\h+|\x{1F600}", "c0😀g", "c0|😀")]
    [InlineData(@"[🙂-🙏]", "a🙃b🙏", "🙃|🙏")]
    [InlineData(@".{2}", "😀a😀", "😀a")]
    [InlineData(@"(?i:k's)", "K'ſ k's", "K'ſ|k's")]
    [InlineData(@"a{,2}b", "aaab b", "aab|b")]
    [InlineData(@"[^a]++|a", "bba", "bb|a")]
    [InlineData(@"^.|.$", "ab\ncd", "a|b|c|d")]
    [InlineData(@"\p{^L}+", "a1 b", "1 ")]
    [InlineData(@"[\p{Han}]+", "中文かな漢字々x𠀀", "中文|漢字々|𠀀")]
    [InlineData(@"[\p{Lu}\p{L}&&[^\p{Han}]]+", "Añ中бか", "Añ|бか")] // as in Kimi's tokenizer
    [InlineData(@"\p{^hira}+|\P{Hiragana}", "かnカ", "nカ")]
    [InlineData(@"\p{Hangul}+|\p{Katakana}|\p{Thai}+", "한글カกข-", "한글|カ|กข")]
    [InlineData(@"\p{Latin}+|\p{Cyrillic}+|\p{Greek}+", "aéжωK", "aé|ж|ω|K")] // the last is the Kelvin sign
    [InlineData(@"\p{Arabic}+|\p{Hebrew}+|\p{Devanagari}+", "عربשलिخ", "عرب|ש|लि|خ")]
    [InlineData(@"(?<=\d)(?=(?:\d{3})+(?!\d))", "1234567", "|")] // between the groups of three
    public void A_pattern_is_read_as_Oniguruma_reads_it(string pattern, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', new CodePointRegex(pattern).Matches(text).Select(m => text[m.Start..m.End])));

    [Theory]
    [InlineData(@"(.)\1", @"\1")]
    [InlineData(@"\p{Klingon}", "Klingon")]
    [InlineData(@"[[:alpha:]]", "[: :]")]
    [InlineData(@"(?i)straße", "'st'")]
    [InlineData(@"(a", "a ) is missing")]
    [InlineData(@"[b-a]", "range")]
    [InlineData(@"*", "nothing to repeat")]
    [InlineData(@"[a", "too early")]
    public void Unsupported_constructs_are_rejected_by_name(string pattern, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new CodePointRegex(pattern)).Message);

    [Fact]
    public void Many_and_longertexts_are_cut_like_the_first_short_one()
    {
        const string Words = "Ada's 3 apples, 你好 été 𠀀 x\n\n  y ";
        var regex = new CodePointRegex(@"'s| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");
        string text = string.Concat(Enumerable.Repeat(Words, 100)),
            longer = string.Concat(Enumerable.Repeat(text, 20));
        List<(int, int)> first = [.. regex.Matches(text)];
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(first, regex.Matches(text)); // interpreted, then compiled
        }

        Assert.Equal(first.SkipLast(2), regex.Matches(longer).Take(first.Count - 2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ac")] // the first match is found, the next is not
    public void A_pattern_that_tries_too_many_ways_is_named(string before)
    {
        var regex = new CodePointRegex("(?:a|b|ab)+c", TimeSpan.FromMilliseconds(100));
        string text = before + string.Concat(Enumerable.Repeat("ab", 60));
        Assert.Contains("(?:a|b|ab)+c", Assert.Throws<InvalidDataException>(() => regex.Matches(text).Count()).Message);
    }
}
