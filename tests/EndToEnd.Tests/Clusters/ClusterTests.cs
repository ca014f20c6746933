using EndToEnd.Tests.Faults;

namespace EndToEnd.Tests.Clusters;

/// <summary>Runs over several real processes, of which any may die.</summary>
public sealed class ClusterTests
{
    private const string Working = "the node is ready";

    [Fact]
    public async Task A_run_over_three_processes_ends_with_a_ledger_that_closes_and_its_nodes_end_with_it()
    {
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 12));
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess[] nodes = [cluster.StartNode("a"), cluster.StartNode("b", "--set", "cluster.roles=[rollout, expert, verifier]")];
        Assert.Equal(0, await learner.ExitAsync());
        foreach (LineProcess node in nodes)
        {
            Assert.Equal(0, await node.ExitAsync());
        }

        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }

    [Fact]
    public async Task A_node_that_is_killed_or_told_to_leave_costs_nothing_that_was_acknowledged()
    {
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 40));
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess killed = cluster.StartNode("killed");
        LineProcess left = cluster.StartNode("left");
        await killed.WaitForAsync(Working);
        await left.WaitForAsync(Working);
        killed.Kill();
        await left.SignalAsync("TERM");
        Assert.Equal(0, await left.ExitAsync());
        cluster.StartNode("last");
        Assert.Equal(0, await learner.ExitAsync());
        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }

    [Fact]
    public async Task The_core_that_is_killed_goes_on_where_it_was_and_nodes_that_lost_it_say_so()
    {
        LongTests.Require();
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 40));
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess node = cluster.StartNode("a");
        await learner.WaitForAsync(" training ");
        learner.Kill();
        Assert.NotEqual(0, await node.ExitAsync());
        LineProcess again = await cluster.StartLearnerAsync();
        cluster.StartNode("a");
        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(2, KilledRuns.ExpectWhole(cluster.Directory, cluster.Run).Starts);
    }

    [Fact]
    public async Task A_node_on_another_file_system_fetches_the_model_and_the_weights_of_every_update()
    {
        if (!await OtherFileSystem.IsAvailableAsync())
        {
            Assert.Skip("A mount namespace is not permitted here.");
        }

        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 12));
        string model = Path.Combine(cluster.Folder, "model");
        OtherFileSystem.CopyBundledModel(model);
        LineProcess learner = await cluster.StartLearnerAsync("--set", $"model.path={model}");
        LineProcess node = cluster.StartHiddenNode("a", cluster.Directory, model);
        string cache = Path.Combine(cluster.Folder, "a");
        Assert.Contains(cache, await node.WaitForAsync("model: "));
        Assert.Equal(0, await learner.ExitAsync());
        Assert.Equal(0, await node.ExitAsync());
        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(cache, "weights"), "*.safetensors", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_staleness_a_cluster_of_one_engine_gives_the_bytes_of_one_process()
    {
        var run = new SmallRun(Staleness: 0, Updates: 6);
        await using var cluster = new ClusterProcesses(run);
        LineProcess learner = await cluster.StartLearnerAsync();
        cluster.StartNode("a");
        Assert.Equal(0, await learner.ExitAsync());
        string alone = Path.Combine(cluster.Folder, "alone");
        await KilledRuns.EndsWellAsync(run.Train(alone));
        KilledRuns.ExpectSameModel(alone, cluster.Directory);
    }
}
