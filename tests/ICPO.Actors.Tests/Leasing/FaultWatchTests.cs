using ICPO.Actors.Leasing;

namespace ICPO.Actors.Tests.Leasing;

public sealed class FaultWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly FaultWatch _watch = new("engine", Limit);

    [Fact]
    public void Nothing_is_wrong_while_a_worker_has_not_failed()
    {
        _watch.Seen("one");
        Assert.Null(_watch.Problem(TimeSpan.FromDays(1), atWork: false));
    }

    [Fact]
    public void Workers_that_never_worked_are_hopeless_when_each_has_failed_five_times()
    {
        _watch.Seen("two");
        for (int fault = 1; fault <= 5; fault++)
        {
            _watch.Failed("one", $"fault {fault}", TimeSpan.Zero);
        }

        Assert.Null(_watch.Problem(TimeSpan.Zero, atWork: false));
        _watch.Gone("two");
        Assert.Contains("fault 5", _watch.Problem(TimeSpan.Zero, atWork: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_that_have_worked_get_the_whole_time_from_their_first_fault()
    {
        _watch.Worked();
        for (int fault = 0; fault <= 100; fault++)
        {
            TimeSpan now = fault * Limit / 100;
            _watch.Failed("one", $"fault {fault}", now);
            Assert.Equal(fault == 100, _watch.Problem(now, atWork: false) is not null);
            Assert.Null(_watch.Problem(now, atWork: true));
        }

        _watch.Worked();
        Assert.Null(_watch.Problem(Limit, atWork: false));
        _watch.Failed("one", "again", Limit);
        Assert.Null(_watch.Problem((2 * Limit) - TimeSpan.FromTicks(1), atWork: false));
    }

    [Fact]
    public void Time_in_which_nothing_is_wanted_does_not_count()
    {
        _watch.Worked();
        _watch.Failed("one", "away", TimeSpan.Zero);
        _watch.Pause(Limit);
        Assert.Null(_watch.Problem(Limit, atWork: false));
        Assert.NotNull(_watch.Problem(2 * Limit, atWork: false));
    }
}
