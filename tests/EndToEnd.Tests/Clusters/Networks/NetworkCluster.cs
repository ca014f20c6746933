using ICPO.Actors.Cluster.Client;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A core and nodes on hosts of their own.</summary>
internal sealed class NetworkCluster(VirtualNetwork network, VirtualHost core, SmallRun run) : IAsyncDisposable
{
    public const string Working = "the node is ready";
    private readonly TemporaryFolder _folder = new();

    public VirtualNetwork Network => network;

    public VirtualHost Core => core;

    public SmallRun Run => run;

    public string Directory => _folder.In("run");

    /// <summary>Options that name the journal's database; empty for a file.</summary>
    public string[] Database { get; set; } = [];

    public static async Task<NetworkCluster> CreateAsync(SmallRun run)
    {
        VirtualNetwork network = await VirtualNetwork.CreateAsync();
        return new NetworkCluster(network, await network.AddAsync(), run);
    }

    public async Task<LineProcess> StartLearnerAsync()
    {
        LineProcess learner = core.Start([
            "node",
            "--role",
            "learner",
            "--run",
            _folder.Write("run.conf", ""),
            "--set",
            $"run.directory={Directory}",
            .. run.Settings,
            .. Database,
            .. At(core),
        ]);
        await learner.WaitForAsync("Nodes join with");
        return learner;
    }

    /// <summary>Starts a node on a host; its port is always the same.</summary>
    public LineProcess StartNode(VirtualHost host, string name, params string[] options) =>
        host.Start([
            "node",
            "--seed",
            ClusterAddress.Read(Directory).Seed,
            "--set",
            $"cluster.name={name}",
            "--set",
            $"cluster.directory={_folder.In(name)}",
            "--set",
            "cluster.port=4053",
            "--set",
            "cluster.orphan-timeout=5s",
            "--set",
            "engine.count=1",
            .. At(host),
            .. options,
        ]);

    /// <summary>Starts a process that takes the core over when it is needed; its directory is below that of the test.</summary>
    public LineProcess StartStandby(VirtualHost host, string name) =>
        host.Start([
            "node",
            "--role",
            "learner",
            "--seed",
            ClusterAddress.Read(Directory).Seed,
            "--set",
            $"cluster.name={name}",
            "--set",
            $"run.directory={DirectoryOf(name)}",
            .. Database,
            .. At(host),
        ]);

    public string DirectoryOf(string name) => _folder.In(name);

    /// <summary>The names of the nodes that take part, as the core knows them.</summary>
    public async Task<string[]> NodesAsync()
    {
        LineProcess status = core.Start("cluster", "status", Directory, "--json");
        Assert.Equal(0, await status.ExitAsync());
        using var json = System.Text.Json.JsonDocument.Parse(status.Output);
        return [.. json.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()!)];
    }

    /// <summary>Waits until these nodes take part and no others.</summary>
    public async Task UntilNodesAsync(params string[] names)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!names.Order().SequenceEqual((await NodesAsync()).Order()))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await network.DisposeAsync();
        _folder.Dispose();
    }

    private static string[] At(VirtualHost host) => ["--set", $"cluster.host={host.Address}", "--set", "cluster.allow-plaintext=true"];
}
