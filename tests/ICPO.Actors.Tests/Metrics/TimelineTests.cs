using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Leasing;
using ICPO.Actors.Metrics;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Tests.Metrics;

/// <summary>Where time and staleness arise.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void A_share_is_the_time_with_work_in_the_whole_interval()
    {
        var busy = new BusyShares();
        busy.Restart(Seconds(10));
        busy.Observe(new WorkersAtWork("engines", 0, 2), Seconds(10));
        busy.Observe(new WorkersAtWork("engines", 2, 2), Seconds(12));
        busy.Observe(new WorkersAtWork("engines", 1, 2), Seconds(14));
        busy.Observe(new WorkersAtWork("verifiers", 0, 0), Seconds(14));
        Assert.Equal([new("engines", (0 + 2 + (0.5 * 6)) / 10)], busy.Take(Seconds(20)));

        // The last observation still holds in the next interval.
        Assert.Equal([new("engines", 0.5)], busy.Take(Seconds(30)));
        Assert.Empty(busy.Take(Seconds(30)));
    }

    [Fact]
    public void Shares_are_in_their_range_and_the_parts_of_an_interval_add_up() =>
        Gen.Select(Gen.Select(Gen.Int[0, 4], Gen.Double[0, 3]).Array[1, 30], Gen.Double[0.1, 5])
            .Sample(
                (changes, last) =>
                {
                    var busy = new BusyShares();
                    (TimeSpan now, double expected, int before) = (TimeSpan.Zero, 0.0, 0);
                    foreach ((int atWork, double wait) in changes)
                    {
                        busy.Observe(new WorkersAtWork("engines", atWork, 4), now);
                        now += Seconds(wait);
                        expected += atWork / 4.0 * wait;
                        before = atWork;
                    }

                    now += Seconds(last);
                    expected += before / 4.0 * last;
                    double share = Assert.Single(busy.Take(now)).Value;
                    Assert.InRange(share, 0, 1);
                    Assert.Equal(expected / now.TotalSeconds, share, 1e-3);
                }
            );

    [Fact]
    public void Staleness_is_split_where_the_group_was_admitted()
    {
        var parts = new StalenessParts();
        TrainingGroup first = Make.Group(1, size: 2, dispatchedAt: 3);
        TrainingGroup second = Make.Group(2, size: 2, dispatchedAt: 5);
        parts.Admitted(Event(first), new PolicyVersion(4));
        parts.Admitted(Event(second), new PolicyVersion(5));
        Assert.Equal((0.5, 1.5), parts.Take([first, second], new PolicyVersion(6)));
        Assert.Null(parts.Take([first, second], new PolicyVersion(6)));
        parts.Admitted(Event(first), new PolicyVersion(4));
        parts.Forget(first.Id);
        Assert.Null(parts.Take([first], new PolicyVersion(6)));
    }

    [Fact]
    public void A_load_is_counted_seldom_and_reported_when_it_has_changed()
    {
        var reports = new LoadReports();
        int counted = 0;
        (int, int) load = (1, 2);
        Assert.Equal((1, 2), reports.Next(Count, TimeSpan.Zero));
        load = (2, 2);
        Assert.Null(reports.Next(Count, TimeSpan.FromMilliseconds(5)));
        Assert.Equal(1, counted);
        Assert.Equal((2, 2), reports.Next(Count, TimeSpan.FromMilliseconds(5), force: true));
        Assert.Null(reports.Next(Count, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(3, counted);

        (int, int) Count()
        {
            counted++;
            return load;
        }
    }

    private static GroupAdmittedEvent Event(TrainingGroup group) => new(group.Id, group.Spec.DispatchedAt, default, [], []);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
