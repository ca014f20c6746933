using VerifierSupport;

namespace ICPO.Actors.Tests.Verification;

/// <summary>
/// Whole runs with verifiers that fail on half of the cases: no fault reaches a reward or a baseline. <c>tests/Soak --verifier-faults</c>
/// injects more.
/// </summary>
public sealed class VerifierFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_fault_of_a_command_becomes_a_reward()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command of this test is a shell script.");
        Expect(await VerifierFaultRun.CommandAsync(updates: 2, seed: 1));
    }

    [Fact]
    public async Task No_fault_of_a_service_becomes_a_reward() => Expect(await VerifierFaultRun.HttpAsync(updates: 4, seed: 1));

    private void Expect(FaultTally tally)
    {
        output.WriteLine($"{tally.Injected.Sum()} faults, {tally.Rewarded} rewards");
        Assert.Empty(tally.Findings);
        Assert.All(tally.Leaked, count => Assert.Equal(0, count));
        Assert.True(tally.Injected.Count(count => count > 0) > tally.Faults.Length / 2);
        Assert.True(tally.Rewarded > 0);
    }
}
