using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Cluster.Standby;

namespace ICPO.Actors.Cluster.Tests.Standby;

/// <summary>How long a process stands by.</summary>
public sealed class StandbyPatienceTests
{
    private static readonly TimeSpan Orphan = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Failover = TimeSpan.FromSeconds(4);
    private readonly StandbyPatience _patience = new(Orphan, Failover);

    [Fact]
    public void It_ends_when_nobody_runs_the_core_for_too_long_and_it_cannot_go_on_itself()
    {
        Assert.Null(_patience.Check(Lease(isLive: false), canGoOn: false, isMember: false, Seconds(0)));
        Assert.Null(_patience.Check(Lease(isLive: false), canGoOn: false, isMember: false, Seconds(60)));
        Assert.Equal(StandbyProblem.NoCore, _patience.Check(Lease(isLive: false), canGoOn: false, isMember: false, Seconds(60.1)));
    }

    [Fact]
    public void It_ends_when_the_core_is_in_another_cluster_for_longer_than_a_failover_takes()
    {
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(0)));
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(4)));
        Assert.Equal(StandbyProblem.OtherCluster, _patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(4.1)));
    }

    [Fact]
    public void A_core_that_leaves_the_cluster_because_the_run_ends_is_waited_for()
    {
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: true, Seconds(0)));
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(1)));
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(20)));
        Assert.Null(_patience.Check(Lease(isLive: true, token: "other"), canGoOn: true, isMember: false, Seconds(21)));
        Assert.Equal(
            StandbyProblem.OtherCluster,
            _patience.Check(Lease(isLive: true, token: "other"), canGoOn: true, isMember: false, Seconds(26))
        );
    }

    [Fact]
    public void Every_change_for_the_better_begins_the_time_again()
    {
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: false, Seconds(0)));
        Assert.Null(_patience.Check(Lease(isLive: true), canGoOn: true, isMember: true, Seconds(4)));
        Assert.Null(_patience.Check(Lease(isLive: true, token: "other"), canGoOn: true, isMember: false, Seconds(5)));
        Assert.Null(_patience.Check(Lease(isLive: false), canGoOn: false, isMember: false, Seconds(9)));
        Assert.Null(_patience.Check(Lease(isLive: false), canGoOn: true, isMember: false, Seconds(68)));
        Assert.Null(_patience.Check(Lease(isLive: false), canGoOn: false, isMember: false, Seconds(70)));
        Assert.Null(_patience.Check(null, canGoOn: true, isMember: false, Seconds(200)));
    }

    [Fact]
    public void A_core_that_has_not_joined_yet_is_waited_for()
    {
        LeaseRow early = Lease(isLive: true, seed: "");
        Assert.Null(_patience.Check(early, canGoOn: true, isMember: false, Seconds(0)));
        Assert.Null(_patience.Check(early, canGoOn: true, isMember: false, Seconds(100)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static LeaseRow Lease(bool isLive, string seed = "127.0.0.1:4053", string token = "one") =>
        new(new LeaseHolder(token, "first", seed, "", 0), LeaseState.Running, isLive);
}
