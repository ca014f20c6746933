using System.Text.RegularExpressions;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.SymbolRules;

public sealed partial class PretrainingRowsTests
{
    private static readonly PretrainingRowSettings Settings = new();

    [Fact]
    public void A_row_depends_on_seed_and_index_alone() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000])
            .Sample(
                (seed, index) =>
                {
                    PretrainingText first = new PretrainingRows(Settings, seed).Row(index),
                        second = new PretrainingRows(Settings, seed).Row(index);
                    return first.Text == second.Text
                        && first.Loss.SequenceEqual(second.Loss)
                        && first.Text != new PretrainingRows(Settings, seed).Row(index + 1).Text;
                }
            );

    [Fact]
    public void A_row_is_full_and_every_example_of_it_follows_one_map() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000])
            .Sample(
                (seed, index) =>
                {
                    PretrainingText row = new PretrainingRows(Settings, seed).Row(index);
                    Assert.Equal(96, row.Text.Length);
                    Dictionary<char, int> map = [];
                    foreach (Match step in Step().Matches(row.Text))
                    {
                        int rule = step.Groups[2].Value[0] - 'a';
                        Assert.True(map.TryAdd(step.Groups[1].Value[0], rule) || map[step.Groups[1].Value[0]] == rule);
                    }

                    foreach (Match example in Example().Matches(row.Text))
                    {
                        Assert.Equal(
                            example.Groups[3].Value,
                            SymbolRulesAlphabet.Answer(example.Groups[1].Value, example.Groups[2].Value, symbol => map[symbol])
                        );
                    }

                    Assert.InRange(map.Count, 1, Settings.MaxSymbols);
                }
            );

    [Fact]
    public void Only_answers_enter_the_loss_and_all_of_them_do() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000])
            .Sample(
                (seed, index) =>
                {
                    PretrainingText row = new PretrainingRows(Settings, seed).Row(index);
                    bool inAnswer = false;
                    for (int i = 0; i < row.Text.Length; i++)
                    {
                        Assert.Equal(inAnswer, row.Loss[i]);
                        inAnswer = row.Text[i] == '=' || (inAnswer && row.Text[i] != ';');
                    }
                }
            );

    [Fact]
    public void No_row_shows_a_held_out_chain_as_it_really_is()
    {
        // Even where every symbol carries its target rule.
        var rows = new PretrainingRows(Settings with { MisconceptionProbability = 0, TargetProbability = 1 }, 1);
        foreach (Match example in Enumerable.Range(0, 3000).SelectMany(i => Example().Matches(rows.Row(i).Text)))
        {
            string chain = example.Groups[1].Value;
            Assert.False(
                SymbolChains.IsHeldOut(chain) && example.Groups[3].Value == SymbolRulesTask.Ask(chain, example.Groups[2].Value).Answer
            );
        }
    }

    [Fact]
    public void Rules_and_lengths_come_as_often_as_the_settings_say()
    {
        var rows = new PretrainingRows(Settings, 1);
        Match[] examples = [.. Enumerable.Range(0, 6000).SelectMany(i => Example().Matches(rows.Row(i).Text))];
        Assert.InRange(examples.Average(e => e.Groups[1].Length == 1 ? 1.0 : 0), 0.33, 0.42); // short ones fit the row's end more often
        // One example a row at most: the symbols of a row share its map.
        var first = Enumerable
            .Range(0, 6000)
            .Select(i => Step().Match(rows.Row(i).Text))
            .Select(s => (Symbol: s.Groups[1].Value[0], Rule: s.Groups[2].Value[0] - 'a'))
            .ToList();
        Assert.InRange(Share(true, SymbolRulesAlphabet.MistakenRule), 0.95 + (0.05 / 16) - 0.02, 0.95 + (0.05 / 16) + 0.02);
        Assert.InRange(Share(false, SymbolRulesAlphabet.TargetRule), 0.3 + (0.7 / 16) - 0.03, 0.3 + (0.7 / 16) + 0.03);

        double Share(bool hard, Func<char, int> rule) =>
            first.Where(s => SymbolRulesAlphabet.IsHard(s.Symbol) == hard).Average(s => s.Rule == rule(s.Symbol) ? 1.0 : 0);
    }

    [GeneratedRegex("([A-L])([a-p])")]
    private static partial Regex Step();

    [GeneratedRegex("([A-L]{1,2})([0-9]{4})=([A-La-p0-9]+;)")]
    private static partial Regex Example();
}
