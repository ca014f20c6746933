using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.SymbolRules;

public sealed class SymbolRuleTests
{
    [Theory]
    [InlineData('a', "2413")]
    [InlineData('b', "1423")]
    [InlineData('c', "2314")]
    [InlineData('d', "2143")]
    [InlineData('e', "1324")]
    [InlineData('f', "3412")]
    [InlineData('g', "1234")]
    [InlineData('h', "4321")]
    [InlineData('i', "4253")]
    [InlineData('j', "2031")]
    [InlineData('k', "6475")]
    [InlineData('l', "8697")]
    [InlineData('m', "6857")]
    [InlineData('n', "4635")]
    [InlineData('o', "6284")]
    [InlineData('p', "9326")]
    public void Each_rule_does_what_its_name_says(char letter, string expected) =>
        Assert.Equal(expected, SymbolRule.All[letter - 'a'].Apply("3142"));

    [Fact]
    public void Per_digit_rules_wrap_around_at_ten()
    {
        Assert.Equal("0000", SymbolRule.All['i' - 'a'].Apply("9999"));
        Assert.Equal("9999", SymbolRule.All['j' - 'a'].Apply("0000"));
        Assert.Equal("9888", SymbolRule.All['n' - 'a'].Apply("8999"));
    }

    [Fact]
    public void Sixteen_rules_carry_the_letters_a_to_p() =>
        Assert.Equal(SymbolRulesAlphabet.RuleLetters, string.Concat(SymbolRule.All.Select(rule => rule.Letter)));

    [Fact]
    public void Every_rule_gives_four_digits_and_tells_something_about_them()
    {
        string[] all = [.. Enumerable.Range(0, 10_000).Select(number => number.ToString("D4"))];
        foreach (SymbolRule rule in SymbolRule.All)
        {
            string[] results = [.. all.Select(rule.Apply)];
            Assert.All(results, result => Assert.Matches("^[0-9]{4}$", result));
            Assert.True(results.Distinct().Count() > 500, $"{rule.Name} loses almost everything");
        }
    }

    [Fact]
    public void No_two_rules_are_the_same()
    {
        string[] probes = ["3142", "9075", "1234"];
        Assert.Distinct(SymbolRule.All.Select(rule => string.Join(' ', probes.Select(rule.Apply))));
    }

    [Fact]
    public void The_target_map_is_seven_s_plus_three()
    {
        Assert.Equal(
            "dkbipgnelcja",
            string.Concat(SymbolRulesAlphabet.Symbols.Select(s => SymbolRule.All[SymbolRulesAlphabet.TargetRule(s)].Letter))
        );
        Assert.All(SymbolRulesAlphabet.HardSymbols, s =>
            Assert.NotEqual(SymbolRulesAlphabet.TargetRule(s), SymbolRulesAlphabet.MistakenRule(s))
        );
        Assert.Throws<ArgumentException>(() => SymbolRulesAlphabet.TargetRule('Z'));
    }

    [Fact]
    public void A_worked_answer_names_symbol_rule_and_digits_of_every_step() =>
        Assert.Equal("Aa2413Bb4132;", SymbolRulesAlphabet.Answer("AB", "3142", symbol => symbol - 'A'));
}
