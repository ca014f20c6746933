using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>Multiple choice: a box that holds a formula or a value of no option does not hide the option that is named beside it.</summary>
public sealed class ChoiceBehindABoxTests
{
    private const string Question = "Pick.\nA. one\nB. two\nC. three\nD. four\nE. five";

    [Theory]
    [InlineData(@"\boxed{E = mc^2}. Answer: D", Verdict.Correct)]
    [InlineData(@"\boxed{\Delta E > 0}" + "\n\nThe answer is D.", Verdict.Correct)]
    [InlineData(@"\boxed{\langle H\rangle \ll \Delta E}" + "\n\n**Answer: D**", Verdict.Correct)]
    [InlineData(@"\boxed{A + B}" + "\nThe correct option is D", Verdict.Correct)]
    [InlineData(@"\boxed{12}" + "\n\nSo the answer is (D).", Verdict.Correct)]
    [InlineData(@"\boxed{12}" + "\nD", Verdict.Correct)]
    [InlineData(@"\boxed{\frac{C}{2}}" + "\n故选D", Verdict.Correct)]
    [InlineData(@"\boxed{x^A}" + "\n答案：D", Verdict.Correct)]
    [InlineData(@"$\boxed{12}$. The answer is four.", Verdict.Correct)]
    [InlineData(@"The answer is D, since \boxed{E = mc^2}.", Verdict.Correct)]
    [InlineData(@"\boxed{\text{seven}} and the answer is D.", Verdict.Correct)]
    [InlineData(@"\boxed{D}" + "\n\nThe answer is C.", Verdict.Correct)]
    [InlineData(@"\boxed{\text{D}}. It is not A.", Verdict.Correct)]
    [InlineData(@"\boxed{\text{Option D is right}}", Verdict.Correct)]
    [InlineData(@"\boxed{four}", Verdict.Correct)]
    [InlineData(@"\boxed{E = mc^2}. Answer: C", Verdict.Wrong)]
    [InlineData(@"\boxed{C}. Answer: D", Verdict.Wrong)]
    [InlineData(@"\boxed{three}. Answer: D", Verdict.Wrong)]
    [InlineData(@"\boxed{D = 4}", Verdict.Unparseable)]
    [InlineData(@"Option D gives \boxed{12}", Verdict.Unparseable)]
    [InlineData(@"\boxed{E = mc^2}. The answer is not D.", Verdict.Unparseable)]
    [InlineData(@"\boxed{E = mc^2}. The answer is C or D.", Verdict.Unparseable)]
    [InlineData(@"\boxed{\text{C or D}}. The answer is D.", Verdict.Unparseable)]
    public async Task The_option_behind_a_box_counts(string response, Verdict expected)
    {
        Judgment judgment = await VerifierRegistry
            .Create("multiple-choice")
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = Question,
                    Answer = "D",
                },
                response,
                FinishReason.Stop,
                TestContext.Current.CancellationToken
            );
        Assert.Equal(expected, judgment.Verdict);
    }
}
