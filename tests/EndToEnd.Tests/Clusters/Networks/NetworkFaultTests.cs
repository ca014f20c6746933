using EndToEnd.Tests.Faults;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>
/// Networks that fail under a run: core and nodes have addresses of their own. A fault lasts for a time, so these tests wait for times.
/// </summary>
public sealed class NetworkFaultTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_node_that_is_cut_off_goes_on_after_a_short_time_and_rejoins_under_its_name_and_port_after_a_long_one()
    {
        await using NetworkCluster cluster = await NetworkCluster.CreateAsync(new SmallRun(Staleness: 4, Updates: 100_000));
        VirtualHost host = await cluster.Network.AddAsync();
        VirtualHost other = await cluster.Network.AddAsync();
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess node = cluster.StartNode(host, "a");
        await node.WaitForAsync(NetworkCluster.Working);

        // Shorter than what the failure detector tolerates.
        await host.CutAsync();
        await Task.Delay(Short, TestContext.Current.CancellationToken);
        await host.RestoreAsync();
        await cluster.UntilNodesAsync("a");
        LineProcess second = cluster.StartNode(other, "b");
        await second.WaitForAsync(NetworkCluster.Working);

        // Longer than cluster.orphan-timeout: the node says so and ends, and the other one does its work.
        await host.CutAsync();
        Assert.NotEqual(0, await node.ExitAsync());
        await host.RestoreAsync();
        LineProcess again = cluster.StartNode(host, "a");
        await again.WaitForAsync(NetworkCluster.Working);
        await cluster.UntilNodesAsync("a", "b");

        await cluster.Core.RunAsync(IcpoProcess.Executable, "cluster", "stop", cluster.Directory);
        Assert.Equal(130, await learner.ExitAsync());
        Assert.Equal((0, 0), (await again.ExitAsync(), await second.ExitAsync()));
        ProcessEnd ledger = await IcpoProcess.RunAsync("ledger", cluster.Directory);
        Assert.True(ledger.ExitCode == 0, ledger.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_works_in_one_direction_only_costs_nothing_that_was_acknowledged(bool fromCore)
    {
        await using NetworkCluster cluster = await NetworkCluster.CreateAsync(new SmallRun(Staleness: 4, Updates: 60));
        VirtualHost host = await cluster.Network.AddAsync();
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess node = cluster.StartNode(host, "a");
        await node.WaitForAsync(NetworkCluster.Working);
        (VirtualHost from, VirtualHost to) = fromCore ? (cluster.Core, host) : (host, cluster.Core);
        await from.BlockAsync(to);

        // Whoever does not hear the other one any more ends the association; the node cannot go on without the core.
        Assert.NotEqual(0, await node.ExitAsync());
        await from.UnblockAsync(to);
        LineProcess again = cluster.StartNode(host, "a");
        Assert.Equal(0, await learner.ExitAsync());
        Assert.Equal(0, await again.ExitAsync());
        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }

    [Fact]
    public async Task A_slow_link_that_loses_frames_only_costs_time()
    {
        if (!VirtualNetwork.HasDevices)
        {
            Assert.Skip("A device for frames (/dev/net/tun) is for root only, or is missing.");
        }

        await using NetworkCluster cluster = await NetworkCluster.CreateAsync(new SmallRun(Staleness: 4, Updates: 12));
        using var link = new SlowLink(TimeSpan.FromMilliseconds(40), loss: 0.02, seed: 1);
        VirtualHost host = await cluster.Network.AddAsync(link);
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess node = cluster.StartNode(host, "a");
        Assert.Equal(0, await learner.ExitAsync());
        Assert.Equal(0, await node.ExitAsync());
        Assert.True(link is { Lost: > 0, Passed: > 100 }, $"{link.Lost} frames lost, {link.Passed} passed");
        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }
}
