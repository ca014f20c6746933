using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using ICPO.Actors.Cluster.Membership;

namespace ICPO.Actors.Cluster.Tests.Membership;

public sealed class SeedNodesTests
{
    private const string Protocol = "akka.ssl.tcp";

    [Fact]
    public async Task A_name_stands_for_all_of_its_addresses_in_an_order_that_all_nodes_share()
    {
        string[][] answers =
        [
            ["10.0.0.2", "10.0.0.1"],
            ["10.0.0.1", "10.0.0.2"],
        ];
        foreach (string[] answer in answers)
        {
            ImmutableArray<Address> seeds = await FindAsync(["dns:learner:4053", "worker:1", "10.0.0.1:4053"], (_, _) => Found(answer));
            Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4053", "worker:1"], seeds.Select(ClusterMembership.Name));
            Assert.All(seeds, seed => Assert.Equal(Protocol, seed.Protocol));
        }
    }

    [Fact]
    public async Task A_name_that_has_no_address_yet_is_looked_up_again()
    {
        int asked = 0;
        ImmutableArray<Address> seeds = await FindAsync(["dns:learner:4053"], (_, _) => ++asked switch
            {
                1 => throw new SocketException((int)SocketError.HostNotFound),
                2 => Found(),
                _ => Found("::1"),
            });
        Assert.Equal("[::1]:4053", ClusterMembership.Name(Assert.Single(seeds)));
    }

    [Fact]
    public async Task A_name_without_an_address_is_named_when_the_time_is_up()
    {
        using var deadline = new CancellationTokenSource();
        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            FindAsync(
                ["dns:learner:4053"],
                (_, _) =>
                {
                    deadline.Cancel();
                    throw new SocketException((int)SocketError.HostNotFound);
                },
                deadline.Token
            )
        );
        Assert.Contains("icpo.cluster.seeds", error.Message);
        Assert.Contains("dns:learner:4053", error.Message);
    }

    private static Task<ImmutableArray<Address>> FindAsync(
        ImmutableArray<string> seeds,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        CancellationToken cancellationToken = default
    ) => SeedNodes.FindAsync(seeds, Protocol, lookUp, cancellationToken);

    private static Task<IPAddress[]> Found(params string[] addresses) =>
        Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]);
}
