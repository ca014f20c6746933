using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks.Tests.Arithmetic;

public sealed class ArithmeticVerifierTests
{
    private static readonly Gen<ArithmeticProblem> Problems = Of([.. ArithmeticFamily.All.SelectMany(f => f.Training.Concat(f.HeldOut))]);

    private static readonly Gen<ArithmeticReward> Rewards = Of(ArithmeticReward.Strict, ArithmeticReward.Lenient);

    [Fact]
    public void A_worked_answer_is_correct_under_both_rewards() =>
        Gen.Select(Problems, Rewards)
            .Sample((problem, reward) => Judge(reward, problem.Answer, $" {problem.Solution}\n") == Verdict.Correct);

    [Fact]
    public void A_worked_answer_may_be_the_gold_answer_too() =>
        Gen.Select(Problems, Rewards)
            .Sample((problem, reward) => Judge(reward, problem.Solution, $" {problem.Solution}\n") == Verdict.Correct);

    [Fact]
    public void A_worked_answer_with_another_number_is_wrong_under_both_rewards() =>
        Gen.Select(Problems, Rewards, Gen.Int[0, 500])
            .Where((p, _, n) => p.Answer != $"{n}")
            .Sample(
                (problem, reward, number) => Judge(reward, problem.Answer, $" {problem.Steps} The answer is {number}.\n") == Verdict.Wrong
            );

    [Fact]
    public void An_answer_that_did_not_end_earns_nothing() =>
        Gen.Select(Problems, Rewards)
            .Sample((problem, reward) => Judge(reward, problem.Answer, $" {problem.Solution}", FinishReason.Length) == Verdict.Unparseable);

    [Fact]
    public void Steps_alone_earn_something_only_under_the_lenient_reward() =>
        Problems.Sample(problem =>
            Judge(ArithmeticReward.Lenient, problem.Answer, $" {problem.Steps}\n") == Verdict.Correct
            && Judge(ArithmeticReward.Strict, problem.Answer, $" {problem.Steps}\n") == Verdict.Unparseable
        );

    [Fact]
    public void Whatever_is_correct_under_the_strict_reward_is_so_under_the_lenient_one() =>
        Gen.Select(
                Problems,
                Of("The answer is ", "answer is ", "the sum is ", "", "= "),
                Gen.Int[0, 200],
                Of(".\n", "\n", " apples.\n", ", not 7.\n", ".5\n")
            )
            .Sample(
                (problem, words, number, end) =>
                    Judge(ArithmeticReward.Strict, problem.Answer, $" {words}{number}{end}") != Verdict.Correct
                    || Judge(ArithmeticReward.Lenient, problem.Answer, $" {words}{number}{end}") == Verdict.Correct
            );

    [Theory]
    [InlineData(" The answer is 145\n", Verdict.Correct)]
    [InlineData(" The answer is 145!\n", Verdict.Correct)]
    [InlineData(" The answer is 12. No, the answer is 145.\n\n", Verdict.Correct)]
    [InlineData(" The answer is 145. No, the answer is 12.\n", Verdict.Wrong)]
    [InlineData(" The answer is 1456.\n", Verdict.Wrong)]
    [InlineData(" The answer is 145.5.\n", Verdict.Wrong)]
    [InlineData(" The answer is -145.\n", Verdict.Wrong)]
    [InlineData(" The answer is 1,145.\n", Verdict.Wrong)]
    [InlineData(" The answer is: 145.\n", Verdict.Unparseable)]
    [InlineData(" The answer is one.\n", Verdict.Unparseable)]
    [InlineData("\n", Verdict.Unparseable)]
    public void The_last_whole_number_after_answer_is_counts(string response, Verdict verdict) =>
        Assert.Equal(verdict, Judge(ArithmeticReward.Strict, "145", response));

    [Theory]
    [InlineData(" 61+84=145\n", Verdict.Correct)]
    [InlineData(" 145 is the sum of 61 and 84\n", Verdict.Wrong)]
    [InlineData(" 290-145\n", Verdict.Correct)]
    [InlineData(" 0 = -145\n", Verdict.Wrong)]
    [InlineData(" The answer is 12. Or 145.\n", Verdict.Wrong)]
    [InlineData(" many\n", Verdict.Unparseable)]
    public void The_lenient_reward_takes_the_last_number_where_no_answer_is_stated(string response, Verdict verdict) =>
        Assert.Equal(verdict, Judge(ArithmeticReward.Lenient, "145", response));

    [Fact]
    public void The_builtin_verifier_is_the_verdict_of_the_task_that_is_asked()
    {
        var lenient = new TaskSettings
        {
            Name = "arithmetic",
            Arithmetic = new() { Reward = ArithmeticReward.Lenient },
        };
        IVerifier verifier = VerifierRegistry.Create("builtin", task: lenient);
        Assert.Equal(Verdict.Correct, Judge(verifier, "145", " 145\n", FinishReason.Stop));
        Assert.IsType<SymbolRulesVerifier>(VerifierRegistry.Create("builtin"));
        Assert.Contains(
            "verification.verifier",
            Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("builtin", task: new() { Name = "jsonl" })).Message
        );
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Verdict Judge(ArithmeticReward reward, string gold, string response, FinishReason finish = FinishReason.Stop) =>
        Judge(new ArithmeticVerifier(reward), gold, response, finish);

    private static Verdict Judge(IVerifier verifier, string gold, string response, FinishReason finish) =>
        verifier
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = "",
                    Answer = gold,
                },
                response,
                finish,
                TestContext.Current.CancellationToken
            )
            .AsTask()
            .Result.Verdict;
}
