namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>Networks that come between a core, its standby, their database and the nodes.</summary>
public sealed class NetworkFailoverTests
{
    /// <summary>The exit code of a core that another one has replaced.</summary>
    private const int Replaced = 3;

    [Fact]
    public async Task A_core_that_is_cut_off_from_everything_is_replaced_and_leaves_when_the_network_is_back()
    {
        await using NetworkFailover cluster = await NetworkFailover.StartAsync();

        // Two cores are alive from now on, and one of them can write.
        await cluster.Core.CutAsync();
        await cluster.Standby.WaitForAsync("Nodes join with");
        await cluster.Core.RestoreAsync();
        Assert.Equal(Replaced, await cluster.First.ExitAsync());
        await cluster.ExpectCompletedAsync();
    }

    [Fact]
    public async Task A_core_that_is_cut_off_from_its_database_alone_is_replaced_and_leaves_though_it_does_not_reach_it()
    {
        await using NetworkFailover cluster = await NetworkFailover.StartAsync();
        await cluster.Core.BlockAsync(cluster.Database);
        await cluster.Standby.WaitForAsync("Nodes join with");
        Assert.Equal(Replaced, await cluster.First.ExitAsync());
        await cluster.ExpectCompletedAsync();
    }
}
