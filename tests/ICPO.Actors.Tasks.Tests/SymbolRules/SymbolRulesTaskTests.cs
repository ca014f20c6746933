using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.SymbolRules;

public sealed class SymbolRulesTaskTests
{
    private static readonly Gen<DemonstrationSelection> Selections = Gen.Int[0, 2].Select(i => (DemonstrationSelection)i);

    private static readonly Gen<Question> Questions = Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000], (seed, index) =>
        new SymbolRulesTask().Train(seed, index)
    );

    private readonly SymbolRulesVerifier _verifier = new();

    [Fact]
    public void A_gold_answer_is_correct() => Questions.Sample(question => Judge(question, question.Answer) == Verdict.Correct);

    [Fact]
    public void An_answer_with_one_character_changed_is_not_correct() =>
        Gen.Select(Questions, Gen.Int[0, 12], Gen.OneOf(Gen.Char[SymbolRulesAlphabet.Characters], Gen.Char))
            .Where((question, place, character) => question.Answer[place] != character)
            .Sample(
                (question, place, character) =>
                    Judge(question, question.Answer[..place] + character + question.Answer[(place + 1)..])
                        is Verdict.Wrong
                            or Verdict.Unparseable
            );

    [Fact]
    public void An_answer_with_one_character_more_or_less_is_not_correct() =>
        Gen.Select(Questions, Gen.Int[0, 12], Gen.Char)
            .Sample(
                (question, place, character) =>
                    Judge(question, question.Answer.Insert(place, character.ToString())) != Verdict.Correct
                    && Judge(question, question.Answer + character) != Verdict.Correct
                    && Judge(question, question.Answer.Remove(place, 1)) != Verdict.Correct
            );

    [Fact]
    public void A_well_formed_answer_under_another_rule_is_wrong_and_says_where()
    {
        Question question = SymbolRulesTask.Ask("AB", "3142");
        Judgment judgment = JudgeFully(question, SymbolRulesAlphabet.Answer("AB", "3142", _ => 0));
        Assert.Equal(Verdict.Wrong, judgment.Verdict);
        Assert.Equal(0, judgment.Reward);
        Assert.Contains("character 2", judgment.Detail);
    }

    [Fact]
    public void The_same_seed_and_index_give_the_same_question_in_every_instance() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000])
            .Sample(
                (seed, index) =>
                {
                    Question first = new SymbolRulesTask().Train(seed, index);
                    Question second = new SymbolRulesTask(new() { Selection = DemonstrationSelection.Random }).Train(seed, index);
                    return first.Id == second.Id && first.Text == second.Text && first.Answer == second.Answer;
                }
            );

    [Fact]
    public void Questions_differ_between_seeds_and_cover_every_training_chain()
    {
        var task = new SymbolRulesTask();
        Assert.NotEqual(Ids(1), Ids(2));
        Assert.Equal(SymbolChains.Training, Ids(1, 3000).Select(id => id[..2]).Distinct().Order(StringComparer.Ordinal));

        string[] Ids(ulong seed, int count = 20) => [.. Enumerable.Range(0, count).Select(i => task.Train(seed, i).Id)];
    }

    [Fact]
    public void One_hundred_chains_train_and_the_other_forty_four_are_held_out()
    {
        Assert.Equal(100, SymbolChains.Training.Length);
        Assert.Equal(44, SymbolChains.HeldOut.Length);
        Assert.Equal(144, SymbolChains.Training.Concat(SymbolChains.HeldOut).Distinct().Count());
        Assert.Equal([0, 1, 2], SymbolChains.HeldOut.Select(SymbolChains.HardCount).Distinct().Order());
    }

    [Fact]
    public void Held_out_questions_are_distinct_and_never_of_a_training_chain() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 300])
            .Sample(
                (seed, count) =>
                {
                    System.Collections.Immutable.ImmutableArray<Question> questions = new SymbolRulesTask().HeldOut(seed, count);
                    return questions.Length == count
                        && questions.Select(q => q.Id).Distinct().Count() == count
                        && questions.All(q => SymbolChains.IsHeldOut(q.Id[..2]))
                        && questions.Select(q => q.Id).SequenceEqual(new SymbolRulesTask().HeldOut(seed, count).Select(q => q.Id));
                }
            );

    [Fact]
    public void More_held_out_questions_begin_with_the_fewer_ones()
    {
        var task = new SymbolRulesTask();
        Assert.Equal(task.HeldOut(3, 50).Select(q => q.Id), task.HeldOut(3, 200).Take(50).Select(q => q.Id));
    }

    [Fact]
    public void The_pool_holds_four_solved_examples_of_every_training_chain()
    {
        System.Collections.Immutable.ImmutableArray<Demonstration> pool = new SymbolRulesTask().Pool;
        Assert.Equal(400, pool.Length);
        Assert.Distinct(pool.Select(d => d.Id));
        Assert.Equal(SymbolChains.Training, pool.Select(d => d.Id[..2]).Distinct());
        Assert.All(pool.GroupBy(d => d.Id[..2]), chain => Assert.Equal(4, chain.Count()));
        Assert.All(pool, d => Assert.Equal(SymbolRulesTask.Ask(d.Id[..2], d.Id[2..]).Answer, d.Solution));
    }

    [Fact]
    public void A_demonstration_never_equals_the_question() =>
        Gen.Select(Selections, Gen.Int[0, 399], Gen.ULong, Gen.Int[0, 6])
            .Sample(
                (selection, place, seed, count) =>
                {
                    var task = new SymbolRulesTask(new() { Selection = selection });
                    Demonstration asked = task.Pool[place];
                    System.Collections.Immutable.ImmutableArray<Demonstration> shown = task.Demonstrate(
                        new()
                        {
                            Id = asked.Id,
                            Text = asked.Question,
                            Answer = asked.Solution,
                        },
                        seed,
                        count
                    );
                    return shown.Length == count
                        && shown.All(d => d.Question != asked.Question)
                        && shown.Select(d => d.Id).Distinct().Count() == count;
                }
            );

    [Fact]
    public void Demonstrations_are_of_the_circle_that_the_selection_names() =>
        Gen.Select(Questions, Gen.ULong)
            .Sample(
                (question, seed) =>
                    Shown(DemonstrationSelection.SameChain, question, seed).All(d => d.Question[..2] == question.Text[..2])
                    && Shown(DemonstrationSelection.ShareSymbol, question, seed).All(d => d.Question[..2].Any(question.Text[..2].Contains))
            );

    [Fact]
    public void Same_chain_selection_widens_to_shared_symbols_where_the_pool_lacks_the_chain() =>
        Gen.ULong.Sample(seed =>
        {
            Question question = new SymbolRulesTask().HeldOut(seed, 1)[0];
            return Shown(DemonstrationSelection.SameChain, question, seed) is { Length: 2 } shown
                && shown.All(d => d.Question[..2].Any(question.Text[..2].Contains) && !SymbolChains.IsHeldOut(d.Question[..2]));
        });

    [Fact]
    public void The_seed_decides_the_demonstrations()
    {
        Question question = new SymbolRulesTask().Train(1, 0);
        Assert.Equal(Draw(5), Draw(5));
        Assert.True(Enumerable.Range(0, 20).Select(i => string.Join(' ', Draw((ulong)i))).Distinct().Count() > 5);

        string[] Draw(ulong seed) => [.. Shown(DemonstrationSelection.SameChain, question, seed).Select(d => d.Id)];
    }

    [Fact]
    public void A_prompt_is_examples_and_question_one_after_another()
    {
        var task = new SymbolRulesTask();
        Assert.Equal("AB3142=", task.Prompt("AB3142=", []));
        Assert.Equal("AB0000=Ad0000Bk3333;AB3142=", task.Prompt("AB3142=", [SymbolRulesTask.Solve("AB", "0000")]));
        Assert.Equal("Ad0000Bk3333;", task.Response(SymbolRulesTask.Solve("AB", "0000")));
        Assert.True(task.MaxTokens >= "Ad0000Bk3333;".Length);
    }

    [Fact]
    public void Questions_are_tagged_with_their_number_of_hard_symbols()
    {
        Assert.Equal("0", SymbolRulesTask.Ask("AB", "3142").Tags["hard"]);
        Assert.Equal("1", SymbolRulesTask.Ask("CB", "3142").Tags["hard"]);
        Assert.Equal("2", SymbolRulesTask.Ask("LI", "3142").Tags["hard"]);
    }

    private static Demonstration[] Shown(DemonstrationSelection selection, Question question, ulong seed) =>
        [.. new SymbolRulesTask(new() { Selection = selection }).Demonstrate(question, seed, 2)];

    private Verdict Judge(Question question, string response) => JudgeFully(question, response).Verdict;

    private Judgment JudgeFully(Question question, string response) =>
        _verifier.VerifyAsync(question, response, FinishReason.Stop, TestContext.Current.CancellationToken).AsTask().Result;
}
