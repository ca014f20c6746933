using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Dispatching;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class RejectionLimitTests
{
    [Theory]
    [InlineData(GroupRejection.TooFewVerdicts, "verifier")]
    [InlineData(GroupRejection.GenerationFailed, "out of memory")]
    public void Groups_that_fail_in_a_row_end_the_run_with_the_reason(GroupRejection reason, string said)
    {
        var limit = new RejectionLimit(4);
        Repeat(limit.FaultLimit - 1, () => limit.Add(reason, "out of memory"));
        Assert.Contains(
            said,
            Assert.Throws<InvalidOperationException>(() => limit.Add(reason, "out of memory")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_admitted_group_restarts_the_count()
    {
        var limit = new RejectionLimit(4);
        Repeat(limit.FaultLimit - 1, () => limit.Add(GroupRejection.TooFewVerdicts, null));
        limit.Reset();
        Repeat(limit.FaultLimit - 1, () => limit.Add(GroupRejection.TooFewVerdicts, null));
    }

    [Fact]
    public void Groups_without_signal_are_replaced_up_to_a_limit()
    {
        var limit = new RejectionLimit(32);
        Repeat(limit.SignalLimit - 1, () => limit.Add(GroupRejection.NoSignal, null));
        Assert.Contains(
            "dynamic-sampling",
            Assert.Throws<InvalidOperationException>(() => limit.Add(GroupRejection.NoSignal, null)).Message,
            StringComparison.Ordinal
        );
    }

    private static void Repeat(int times, Action action)
    {
        for (int time = 0; time < times; time++)
        {
            action();
        }
    }
}
