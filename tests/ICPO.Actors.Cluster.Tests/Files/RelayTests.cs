using System.Security.Cryptography;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Cluster.Tests.Files;

/// <summary>Nodes that fetch weights from each other, over HTTP on this machine.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private const int ChunkLength = 10_000;
    private const int Nodes = 40;
    private static readonly byte[] Content = Make(250_123);
    private static readonly ClusterSettings Settings = IcpoConfiguration.Load(new ConfigurationSources()).Settings.Cluster;
    private readonly TemporaryFolder _folder = new();
    private readonly List<RelayServer> _servers = [];

    private static PolicySnapshot Weights { get; } =
        new(new PolicyVersion(2), new LearnerEpoch(1), "/at/the/core", Convert.ToHexStringLower(SHA256.HashData(Content)), Content.Length);

    [Fact]
    public async Task However_many_nodes_fetch_a_version_the_core_sends_it_four_times()
    {
        using var core = new CoreDouble(Content, ChunkLength);
        using var client = new HttpClient(core, disposeHandler: false);
        WeightsCache[] nodes = await NodesAsync(client);
        await ExpectWeightsAsync(nodes);
        Assert.Equal(4L * Content.Length, core.Sent);
    }

    [Fact]
    public async Task A_node_whose_parents_are_away_fetches_from_the_core()
    {
        using var core = new CoreDouble(Content, ChunkLength);
        using var client = new HttpClient(core, disposeHandler: false);
        WeightsCache[] nodes = await NodesAsync(client);
        await ExpectWeightsAsync(nodes[..8]);
        foreach (RelayServer server in _servers[..8])
        {
            await server.DisposeAsync();
        }

        await ExpectWeightsAsync(nodes[8..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125_000)]
    [InlineData(249_999)]
    public async Task Wrong_bytes_of_a_relay_are_refused_and_what_was_right_is_kept(int wrongAt)
    {
        byte[] wrong = [.. Content];
        wrong[wrongAt] ^= 1;
        using var liar = new CoreDouble(wrong, ChunkLength);
        using var source = new HttpClient(liar, disposeHandler: false);
        WeightsCache bad = await NodeAsync("liar", source);
        PolicySnapshot lie = Weights with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(wrong)) };
        await bad.GetAsync(lie, TestContext.Current.CancellationToken);

        using var core = new CoreDouble(Content, ChunkLength) { Named = [_servers[0].Address] };
        using var client = new HttpClient(core, disposeHandler: false);
        await ExpectWeightsAsync([await NodeAsync("node", client)]);
        Assert.Equal(Content.Length - (wrongAt / ChunkLength * ChunkLength), core.Sent);
    }

    [Theory]
    [InlineData("weights/1/3", 404)]
    [InlineData("weights/2/2", 404)]
    [InlineData("weights/x/2", 404)]
    [InlineData("", 404)]
    public async Task What_a_node_does_not_have_it_does_not_send(string path, int status)
    {
        using var core = new CoreDouble(Content, ChunkLength);
        using var client = new HttpClient(core, disposeHandler: false);
        await ExpectWeightsAsync([await NodeAsync("node", client)]);
        using HttpResponseMessage answer = await client.GetAsync(new Uri(_servers[0].Address, path), TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RelayServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<WeightsCache[]> NodesAsync(HttpClient client)
    {
        var nodes = new WeightsCache[Nodes];
        for (int node = 0; node < Nodes; node++)
        {
            nodes[node] = await NodeAsync($"{node}", client);
        }

        return nodes;
    }

    private async Task<WeightsCache> NodeAsync(string name, HttpClient client)
    {
        var weights = new WeightsCache(_folder.In(name), CoreDouble.Address, client);
        RelayServer server = await RelayServer.StartAsync(Settings, null, weights, TestContext.Current.CancellationToken);
        _servers.Add(server);
        weights.RelayAt(server.Address);
        return weights;
    }

    private static async Task ExpectWeightsAsync(WeightsCache[] nodes)
    {
        PolicySnapshot[] local = await Task.WhenAll(nodes.Select(node => node.GetAsync(Weights, TestContext.Current.CancellationToken)));
        Assert.All(local, weights => Assert.Equal(Content, File.ReadAllBytes(weights.Path)));
    }

    private static byte[] Make(int length)
    {
        byte[] content = new byte[length];
        new Random(3).NextBytes(content);
        return content;
    }
}
