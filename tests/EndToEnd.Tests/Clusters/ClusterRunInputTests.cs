using ICPO.Actors.Cluster.Client;

namespace EndToEnd.Tests.Clusters;

/// <summary>What is wrong with a run, its database or a machine for it is one sentence and a non-zero exit code.</summary>
public sealed class ClusterRunInputTests
{
    [Theory]
    [InlineData("--seed dns:icpo.invalid:4053 --set cluster.join-timeout=1s", "icpo.invalid")]
    [InlineData(
        "--seed 127.0.0.1:4 --set cluster.tls.key=a --set cluster.tls.certificate=b --set cluster.tls.authority=c",
        "icpo.cluster.tls"
    )]
    [InlineData("--seed 127.0.0.1:4 --set telemetry.listen=192.0.2.1:0", "icpo.telemetry.listen")]
    public async Task A_node_that_cannot_start_names_why(string options, string named) =>
        Expect(await IcpoProcess.RunAsync(["node", .. options.Split(' ')]), named);

    [Fact]
    public async Task A_port_of_files_that_is_taken_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 6));
        await cluster.StartLearnerAsync();
        string port = ClusterAddress.Read(cluster.Directory).Files.Port.ToString();
        Expect(await LearnAsync(folder, "run", "--set", $"cluster.files-port={port}"), "icpo.cluster.files-port");
    }

    [Fact]
    public async Task A_node_that_cannot_hold_its_engines_names_what_they_need_and_what_there_is()
    {
        LongTests.Require();
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 6));
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess node = cluster.StartNode("large", "--set", "engine.count=1024", "--set", "engine.slots=65536");
        Assert.Equal(2, await node.ExitAsync());
        string error = Assert.Single(node.Output.Split('\n'), line => line.StartsWith("icpo: ", StringComparison.Ordinal));
        Assert.Contains("engine.slots = 65536", error);
        cluster.StartNode("small");
        Assert.Equal(0, await learner.ExitAsync());
    }

    [Fact]
    public async Task Two_runs_of_one_id_in_a_database_are_told_apart()
    {
        await using PostgresServer server = await StartAsync();
        using var folder = new TemporaryFolder();
        string[] database = ["--set", $"journal.connection-string={server.Uri}", "--set", "run.id=twin"];
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 6));
        LineProcess first = await cluster.StartLearnerAsync(database);
        await first.WaitForAsync(" training ");
        Expect(await LearnAsync(folder, "run", database), "twin");
        cluster.StartNode("a");
        int code = await first.ExitAsync();
        Assert.True(code == 0, first.Output);
        Faults.KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }

    [Theory]
    [InlineData("CREATE")]
    [InlineData("ALL")]
    public async Task A_database_without_rights_is_named(string missing)
    {
        await using PostgresServer server = await StartAsync();
        await server.QueryAsync($"CREATE ROLE weak LOGIN; REVOKE {missing} ON SCHEMA public FROM PUBLIC; SELECT 1");
        using var folder = new TemporaryFolder();
        string weak = $"journal.connection-string=postgres://weak@127.0.0.1:{server.Port}/postgres";
        Expect(await LearnAsync(folder, "run", "--set", weak), $"127.0.0.1:{server.Port}");
    }

    private static async Task<PostgresServer> StartAsync()
    {
        LongTests.Require();
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        return await PostgresServer.StartAsync();
    }

    private static Task<ProcessEnd> LearnAsync(TemporaryFolder folder, string name, params string[] options) =>
        IcpoProcess.RunAsync([
            "node",
            "--role",
            "learner",
            "--run",
            folder.Write("run.conf", ""),
            "--set",
            $"run.directory={folder.In(name)}",
            .. options,
        ]);

    private static void Expect(ProcessEnd end, string named)
    {
        Assert.True(end.ExitCode is 1 or 2, end.ToString());
        Assert.Contains(named, Assert.Single(end.Errors.TrimEnd().Split('\n')));
    }
}
