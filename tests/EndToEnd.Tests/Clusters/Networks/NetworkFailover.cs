namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A run over four hosts: a core, a standby, a node and their database.</summary>
internal sealed class NetworkFailover : IAsyncDisposable
{
    private readonly NetworkCluster _cluster;
    private readonly VirtualHost _second;

    private NetworkFailover(NetworkCluster cluster, VirtualHost second) => (_cluster, _second) = (cluster, second);

    public VirtualHost Core => _cluster.Core;

    public required VirtualHost Database { get; init; }

    public required NetworkPostgres Server { get; init; }

    /// <summary>The process that starts the run.</summary>
    public required LineProcess First { get; init; }

    public required LineProcess Standby { get; init; }

    public required LineProcess Node { get; init; }

    /// <summary>Returns when the node works and the standby stands by.</summary>
    public static async Task<NetworkFailover> StartAsync()
    {
        Assert.SkipUnless(NetworkPostgres.Missing is null, NetworkPostgres.Missing ?? "");
        NetworkCluster cluster = await NetworkCluster.CreateAsync(new SmallRun(Staleness: 4, Updates: 80));
        VirtualHost database = await cluster.Network.AddAsync();
        NetworkPostgres server = await NetworkPostgres.StartAsync(database);
        cluster.Database = ["--set", $"journal.connection-string={server.Connection}"];
        VirtualHost second = await cluster.Network.AddAsync();
        LineProcess first = await cluster.StartLearnerAsync();
        LineProcess standby = cluster.StartStandby(second, "second");
        await standby.WaitForAsync("standing by");

        // The run begins with its node, so it is not over before the standby is there.
        LineProcess node = cluster.StartNode(await cluster.Network.AddAsync(), "a", "--set", "cluster.orphan-timeout=1m");
        await node.WaitForAsync(NetworkCluster.Working);
        return new NetworkFailover(cluster, second)
        {
            Database = database,
            Server = server,
            First = first,
            Standby = standby,
            Node = node,
        };
    }

    /// <summary>Standby and node end with the run, and its ledger closes.</summary>
    public async Task ExpectCompletedAsync()
    {
        Assert.Equal((0, 0), (await Standby.ExitAsync(), await Node.ExitAsync()));
        await _second.RunAsync(IcpoProcess.Executable, "ledger", _cluster.DirectoryOf("second"));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
