using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Dispatching;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class TurnedDownStreakTests
{
    [Theory]
    [InlineData(GroupRejection.TooFewVerdicts, "verifier")]
    [InlineData(GroupRejection.GenerationFailed, "out of memory")]
    public void Groups_that_fail_in_a_row_end_the_run_with_the_reason(GroupRejection reason, string said)
    {
        var streak = new RejectionLimit(4);
        Repeat(streak.FaultLimit - 1, () => streak.Add(reason, "out of memory"));
        Assert.Contains(
            said,
            Assert.Throws<InvalidOperationException>(() => streak.Add(reason, "out of memory")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_admitted_group_begins_the_count_anew()
    {
        var streak = new RejectionLimit(4);
        Repeat(streak.FaultLimit - 1, () => streak.Add(GroupRejection.TooFewVerdicts, null));
        streak.Broken();
        Repeat(streak.FaultLimit - 1, () => streak.Add(GroupRejection.TooFewVerdicts, null));
    }

    [Fact]
    public void Groups_without_signal_are_replaced_for_long_but_not_for_ever()
    {
        var streak = new RejectionLimit(32);
        Repeat(streak.SignalLimit - 1, () => streak.Add(GroupRejection.NoSignal, null));
        Assert.Contains(
            "dynamic-sampling",
            Assert.Throws<InvalidOperationException>(() => streak.Add(GroupRejection.NoSignal, null)).Message,
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
