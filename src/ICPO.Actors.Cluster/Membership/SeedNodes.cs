using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>
/// The addresses of the nodes to join. A name of the form <c>dns:name:port</c> resolves to all of its addresses, as for a headless service
/// of Kubernetes; the lookup is repeated until there is one.
/// </summary>
internal static class SeedNodes
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds the addresses, in an order that all nodes share: the first of them may start the cluster.</summary>
    /// <param name="seeds">The values of <c>icpo.cluster.seeds</c>.</param>
    /// <param name="protocol">The protocol of the actor system's addresses.</param>
    /// <param name="lookUp">Returns the addresses of a name.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    /// <exception cref="IOException">A name has no address within the time limit; names it.</exception>
    public static async Task<ImmutableArray<Address>> FindAsync(
        ImmutableArray<string> seeds,
        string protocol,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<Address>.Builder found = ImmutableArray.CreateBuilder<Address>();
        foreach (SeedAddress seed in seeds.Select(SeedAddress.Parse))
        {
            string[] hosts = seed.IsName ? await HostsAsync(seed, lookUp, cancellationToken).ConfigureAwait(false) : [seed.Host];
            found.AddRange(hosts.Select(host => new Address(protocol, ClusterHocon.System, host, seed.Port)));
        }

        return [.. found.Distinct()];
    }

    private static async Task<string[]> HostsAsync(
        SeedAddress seed,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        CancellationToken cancellationToken
    )
    {
        string problem = "it has no address";
        try
        {
            while (true)
            {
                try
                {
                    IPAddress[] addresses = await lookUp(seed.Host, cancellationToken).ConfigureAwait(false);
                    if (addresses.Length > 0)
                    {
                        return [.. addresses.Select(Host).Order(StringComparer.Ordinal)];
                    }
                }
                catch (SocketException error)
                {
                    problem = error.Message;
                }

                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            throw new IOException(
                $"icpo.cluster.seeds: the name {seed.Host} of {seed} cannot be resolved: {problem}. Correct it, or start the nodes to "
                    + "which it resolves."
            );
        }
    }

    private static string Host(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
