using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>The verifier numeric reads one number of a reference answer, and none of an answer that is left open.</summary>
public sealed class NumericGoldTests
{
    private static readonly NumericVerifier Verifier = new(new());

    [Theory]
    [InlineData("7", "7")]
    [InlineData("$7$ apples", "7")]
    [InlineData("5 + 2 = 7\n#### 7", "7")]
    [InlineData("As 5 + 2 = 7, the answer is 7.", "7")]
    [InlineData("The minimum is 4 when x = 2", null)]
    [InlineData("m is prime or 1, and 7 is odd", null)]
    [InlineData("seven", null)]
    public void A_gold_answer_with_several_numbers_is_refused(string gold, string? number) =>
        Assert.Equal(number, Verifier.ReadGold(Question(gold)).Extracted);

    [Theory]
    [InlineData("The answer is 4.", Verdict.Correct)]
    [InlineData("#### 4", Verdict.Correct)]
    [InlineData("The answer is not 4.", Verdict.Unparseable)]
    [InlineData("The answer is at least 4.", Verdict.Unparseable)]
    [InlineData("The answer is 4 or 5.", Verdict.Unparseable)]
    [InlineData("The answer cannot be 4.", Verdict.Unparseable)]
    [InlineData("The answer is 5.", Verdict.Wrong)]
    public async Task An_open_answer_is_none(string response, Verdict expected)
    {
        Judgment judgment = await Verifier.VerifyAsync(Question("4"), response, FinishReason.Stop, TestContext.Current.CancellationToken);
        Assert.Equal(expected, judgment.Verdict);
    }

    private static Question Question(string gold) =>
        new()
        {
            Id = "q",
            Text = "?",
            Answer = gold,
        };
}
