using EndToEnd.Tests.Faults;

namespace EndToEnd.Tests.Clusters;

/// <summary>Runs over several real processes, of which a second one takes the core over when the host of the first one dies.</summary>
public sealed class FailoverTests
{
    private const string Training = " training ";
    private const string Working = "the node is ready";

    [Fact]
    public async Task A_core_that_is_killed_is_taken_over_and_the_run_ends_on_the_other_host()
    {
        await using PostgresServer server = await ServerAsync();
        using var folder = new TemporaryFolder();
        await using var cluster = new FailoverCluster(server.Uri, folder.Path, new SmallRun(Staleness: 4, Updates: 40));
        LineProcess first = await cluster.StartFirstAsync("first");
        LineProcess[] nodes = [cluster.StartNode("a"), cluster.StartNode("b")];
        await nodes[0].WaitForAsync(Working);

        // It joins while the run goes on.
        LineProcess standby = await cluster.StartStandbyAsync("second");
        await cluster.ReadyAsync("first");
        first.Kill();
        Assert.True(await standby.ExitAsync() == 0, standby.Output);
        foreach (LineProcess node in nodes)
        {
            Assert.Equal(0, await node.ExitAsync());
        }

        Assert.Equal(2, KilledRuns.ExpectWhole(cluster.DirectoryOf("second"), cluster.Run).Starts);
    }

    [Fact]
    public async Task A_core_that_stalls_for_longer_than_its_lease_ends_when_it_wakes_up_and_stands_by_when_it_is_resumed()
    {
        await using PostgresServer server = await ServerAsync();
        using var folder = new TemporaryFolder();
        await using var cluster = new FailoverCluster(server.Uri, folder.Path, new SmallRun(Staleness: 4, Updates: 40));
        LineProcess first = await cluster.StartFirstAsync("first");
        LineProcess node = cluster.StartNode("a");
        await first.WaitForAsync(Training);
        LineProcess standby = await cluster.StartStandbyAsync("second");
        await cluster.ReadyAsync("first");
        await first.SignalAsync("STOP");
        await standby.WaitForAsync("Nodes join with");
        await first.SignalAsync("CONT");
        Assert.Equal(3, await first.ExitAsync());
        string said = Assert.Single(first.Output.Split('\n'), line => line.StartsWith("icpo: ", StringComparison.Ordinal));
        Assert.Contains("second", said);
        LineProcess again = cluster.Resume("first");
        await again.WaitForAsync("standing by");
        Assert.Equal(0, await standby.ExitAsync());
        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(0, await node.ExitAsync());
        Assert.Equal(2, KilledRuns.ExpectWhole(cluster.DirectoryOf("second"), cluster.Run).Starts);
    }

    [Fact]
    public async Task A_run_whose_learners_were_all_killed_goes_on_when_they_are_started_again()
    {
        await using PostgresServer server = await ServerAsync();
        using var folder = new TemporaryFolder();
        await using var cluster = new FailoverCluster(server.Uri, folder.Path, new SmallRun(Staleness: 4, Updates: 40));
        LineProcess first = await cluster.StartFirstAsync("first");
        LineProcess node = cluster.StartNode("a");
        LineProcess standby = await cluster.StartStandbyAsync("second");
        await first.WaitForAsync(Training);
        first.Kill();
        standby.Kill();
        node.Kill();
        LineProcess again = cluster.Resume("first", "--set", "cluster.port=0");
        await again.WaitForAsync("Nodes join with");
        cluster.JoinAt("first");
        await cluster.StartStandbyAsync("second");
        cluster.StartNode("a");
        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(2, KilledRuns.ExpectWhole(cluster.DirectoryOf("first"), cluster.Run).Starts);
    }

    [Fact]
    public async Task A_server_that_is_restarted_costs_nothing_and_nobody_takes_over()
    {
        await using PostgresServer server = await ServerAsync();
        using var folder = new TemporaryFolder();
        await using var cluster = new FailoverCluster(server.Uri, folder.Path, new SmallRun(Staleness: 4, Updates: 40));
        LineProcess first = await cluster.StartFirstAsync("first");
        LineProcess node = cluster.StartNode("a");
        LineProcess standby = await cluster.StartStandbyAsync("second");
        await first.WaitForAsync(Training);
        await server.KillAsync();
        await server.UpAsync();
        Assert.Equal(0, await first.ExitAsync());
        Assert.Equal(0, await standby.ExitAsync());
        Assert.Equal(0, await node.ExitAsync());
        Assert.Equal(1, KilledRuns.ExpectWhole(cluster.DirectoryOf("first"), cluster.Run).Starts);
    }

    private static async Task<PostgresServer> ServerAsync()
    {
        LongTests.Require();
        if (PostgresServer.Missing is { } missing)
        {
            Assert.Skip(missing);
        }

        return await PostgresServer.StartAsync();
    }
}
