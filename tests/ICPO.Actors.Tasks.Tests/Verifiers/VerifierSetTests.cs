using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

public sealed class VerifierSetTests
{
    private static readonly VerifierSet All = VerifierRegistry.All.With(ReversedVerifier.Descriptor);

    [Fact]
    public async Task One_line_of_registration_makes_a_verifier_listed_and_creatable_by_name()
    {
        Assert.Equal(VerifierRegistry.Names.Append("reversed").Order(StringComparer.Ordinal), All.Names);
        Assert.Equal(Verdict.Correct, await JudgeAsync("reversed", new(), "cba"));
        Assert.Equal(Verdict.Wrong, await JudgeAsync("reversed", new(), "abc"));
        Assert.DoesNotContain("reversed", VerifierRegistry.Names);
    }

    [Fact]
    public async Task A_registered_verifier_can_be_part_of_a_composite_and_its_supervision_counts_there()
    {
        VerifierSettings settings = new()
        {
            Composite = new() { Parts = [new("exact", 1), new("reversed", 1)], Threshold = 0.5 },
        };
        Assert.Equal(Verdict.Correct, await JudgeAsync("composite", settings, "cba"));
        Assert.True(All.NeedsSupervision("composite", settings));
        Assert.False(All.NeedsSupervision("composite", new() { Composite = new() { Parts = [new("exact", 1)] } }));
    }

    [Fact]
    public void A_name_is_given_once_and_an_unknown_one_is_answered_with_the_known_ones()
    {
        Assert.Throws<ArgumentException>(() => All.With(ReversedVerifier.Descriptor));
        Assert.Contains("reversed", Assert.Throws<ArgumentException>(() => All.NeedsSupervision("revers", new())).Message);
    }

    [Theory]
    [InlineData("math", true)]
    [InlineData("regex", true)]
    [InlineData("numeric", false)]
    [InlineData("format", false)]
    [InlineData("composite", true)]
    [InlineData("builtin", false)]
    public void Verifiers_that_run_foreign_patterns_or_large_expressions_are_supervised(string name, bool expected) =>
        Assert.Equal(expected, VerifierRegistry.NeedsSupervision(name, new()));

    private static async Task<Verdict> JudgeAsync(string name, VerifierSettings settings, string response)
    {
        IVerifier verifier = All.Create(name, settings, () => throw new InvalidOperationException());
        Question question = new()
        {
            Id = "q",
            Text = "?",
            Answer = "abc",
        };
        return (await verifier.VerifyAsync(question, response, FinishReason.Stop, TestContext.Current.CancellationToken)).Verdict;
    }

    /// <summary>Everything that a new verifier's file holds.</summary>
    private sealed class ReversedVerifier : IVerifier
    {
        public static VerifierDescriptor Descriptor { get; } =
            new("reversed", _ => new ReversedVerifier()) { NeedsSupervision = (_, _) => true };

        public string Name => "reversed";

        public ValueTask<Judgment> VerifyAsync(
            Question question,
            string response,
            FinishReason finish,
            CancellationToken cancellationToken
        ) =>
            ValueTask.FromResult(response.Reverse().SequenceEqual(question.Answer) ? Judgment.Correct(response) : Judgment.Wrong(response));
    }
}
