namespace EndToEnd.Tests.Clusters;

/// <summary>What is wrong with a node's command line, its address or its cluster is one sentence and exit code 2.</summary>
public sealed class ClusterInputTests
{
    [Theory]
    [InlineData("--role worker --seed 127.0.0.1:4", "icpo.cluster.roles")]
    [InlineData("--role rollout", "icpo.cluster.seeds")]
    [InlineData("--seed nonsense", "icpo.cluster.seeds")]
    [InlineData("--seed 127.0.0.1:4 --set cluster.join-timeout=500ms", "127.0.0.1:4")]
    [InlineData("--seed 127.0.0.1:4 --set cluster.host=192.0.2.1", "icpo.cluster.host")]
    [InlineData("--seed 127.0.0.1:4 --set cluster.host=192.0.2.1 --set cluster.allow-plaintext=true", "icpo.cluster.port")]
    [InlineData("--seed 127.0.0.1:4 --set run.updates=3", "icpo.run.updates")]
    [InlineData("--seed 127.0.0.1:4 --set cluster.tls.key=x", "icpo.cluster.tls")]
    [InlineData("--seed 127.0.0.1:4 --run /dev/null", "--run")]
    [InlineData("--role learner", "--run")]
    [InlineData("--role learner --seed 127.0.0.1:4 --set cluster.join-timeout=500ms", "127.0.0.1:4")]
    [InlineData("--role learner --seed 127.0.0.1:4 --set run.updates=3", "icpo.run.updates")]
    public async Task A_node_that_cannot_take_part_names_why(string options, string named)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(["node", .. options.Split(' ')]);
        Assert.Equal(2, end.ExitCode);
        Assert.Empty(end.Output);
        Assert.Contains(named, end.Errors);
        Assert.Single(end.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        ProcessEnd end = await IcpoProcess.RunAsync("cluster", "status", folder.Path);
        Assert.Equal(2, end.ExitCode);
        Assert.Contains(folder.Path, end.Errors);
    }

    [Fact]
    public async Task A_standby_of_a_run_whose_journal_is_a_file_is_refused()
    {
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 40));
        await cluster.StartLearnerAsync();
        ProcessEnd end = await IcpoProcess.RunAsync("node", "--role", "learner", "--seed", cluster.Seed);
        Assert.Equal(2, end.ExitCode);
        Assert.Contains("icpo.journal.connection-string", end.Errors);
        Assert.Single(end.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_node_of_another_authority_cannot_join_and_changes_nothing()
    {
        LongTests.Require();
        using var folder = new TemporaryFolder();
        string[] own = TestAuthority.Write(folder.Folder("own"));
        string[] foreign = TestAuthority.Write(folder.Folder("foreign"));
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 6)) { Common = own };
        LineProcess learner = await cluster.StartLearnerAsync();
        foreach (string[] wrong in new[] { foreign, [] })
        {
            ProcessEnd end = await IcpoProcess.RunAsync(["node", "--seed", cluster.Seed, "--set", "cluster.join-timeout=3s", .. wrong]);
            Assert.Equal(2, end.ExitCode);
            Assert.Contains(cluster.Seed, end.Errors);
        }

        ProcessEnd status = await IcpoProcess.RunAsync(["cluster", "status", cluster.Directory, .. foreign]);
        Assert.Equal(2, status.ExitCode);
        cluster.StartNode("a");
        Assert.Equal(0, await learner.ExitAsync());
        Faults.KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }
}
