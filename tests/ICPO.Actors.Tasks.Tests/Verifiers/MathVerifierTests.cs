using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>The translation from the library's verdicts; the mathematics is tested in ICPO.MathAnswers.Tests.</summary>
public sealed class MathVerifierTests
{
    private static readonly MathVerifier Verifier = new(new());

    [Theory]
    [InlineData("0.5", @"\boxed{\frac12}", FinishReason.Stop, Verdict.Correct, 1.0, @"\frac12")]
    [InlineData("0.5", @"\boxed{\frac13}", FinishReason.Stop, Verdict.Wrong, 0.0, @"\frac13")]
    [InlineData("0.5", "I do not know.", FinishReason.Stop, Verdict.Unparseable, 0.0, null)]
    [InlineData("12", "The answer is 12", FinishReason.Stop, Verdict.Correct, 1.0, "12")]
    [InlineData("12", "The answer is 12", FinishReason.Length, Verdict.Unparseable, 0.0, null)]
    public async Task A_verdict_becomes_a_reward(
        string gold,
        string response,
        FinishReason finish,
        Verdict verdict,
        double reward,
        string? extracted
    )
    {
        Judgment judgment = await JudgeAsync(gold, response, finish);
        Assert.Equal((verdict, reward, extracted), (judgment.Verdict, judgment.Reward, judgment.Extracted));
    }

    [Fact]
    public async Task An_unreadable_gold_answer_is_a_fault_that_names_the_question_and_earns_no_reward()
    {
        Judgment judgment = await JudgeAsync("", "5", FinishReason.Stop);
        Assert.Equal((Verdict.Crashed, null), (judgment.Verdict, judgment.Reward));
        Assert.Contains("q17", judgment.Detail);
        Assert.NotNull(Verifier.ReadGold(Question("")).Problem);
    }

    [Fact]
    public void The_gold_answer_of_a_solution_is_found() =>
        Assert.Equal(new(@"\frac12", null), Verifier.ReadGold(Question(@"Half of it: $\boxed{\frac12}$.")));

    private static async Task<Judgment> JudgeAsync(string gold, string response, FinishReason finish) =>
        await Verifier.VerifyAsync(Question(gold), response, finish, TestContext.Current.CancellationToken);

    private static Question Question(string gold) =>
        new()
        {
            Id = "q17",
            Text = "?",
            Answer = gold,
        };
}
