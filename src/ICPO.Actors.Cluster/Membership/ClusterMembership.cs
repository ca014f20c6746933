using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>How an actor system becomes a member of its cluster.</summary>
internal static class ClusterMembership
{
    /// <summary>The address of a node as host:port.</summary>
    public static string Name(Address address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");

    /// <summary>Checks that this process can listen on the node's address, before an actor system does.</summary>
    /// <exception cref="IOException">The address is not one of this machine, or the port is in use.</exception>
    public static void RequireListening(ClusterSettings settings)
    {
        foreach ((string key, int port) in new[] { ("port", settings.Port), ("files-port", settings.FilesPort) })
        {
            try
            {
                using var listener = new TcpListener(Dns.GetHostAddresses(settings.Host)[0], port);
                listener.Start();
                listener.Stop();
            }
            catch (SocketException error)
            {
                throw new IOException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"icpo.cluster.host = {settings.Host}, icpo.cluster.{key} = {port}: cannot listen there: {error.Message}. "
                    ) + "Use an address of this machine and a free port, or port 0.",
                    error
                );
            }
        }
    }

    /// <summary>Joins the seeds, or starts a new cluster if there are none.</summary>
    /// <exception cref="IOException">No seed has responded in time; names them.</exception>
    public static async Task JoinAsync(ActorSystem system, ClusterSettings settings, CancellationToken cancellationToken = default)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(settings.JoinTimeout);
        Task<ImmutableArray<Address>> finding = SeedNodes.FindAsync(
            settings.Seeds,
            cluster.SelfAddress.Protocol,
            Dns.GetHostAddressesAsync,
            deadline.Token
        );
        await ((Task)finding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableArray<Address> seeds = await finding.ConfigureAwait(false);
        try
        {
            await (
                seeds.IsEmpty ? cluster.JoinAsync(cluster.SelfAddress, deadline.Token) : cluster.JoinSeedNodesAsync(seeds, deadline.Token)
            ).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"No seed has responded within {settings.JoinTimeout.TotalSeconds:0} s: {Names(settings, seeds)}. Start one of "
                    + "them, or correct icpo.cluster.seeds; with TLS all nodes need certificates of one authority.",
                error
            );
        }
    }

    /// <summary>The configured seeds, and the addresses to which their names resolved.</summary>
    private static string Names(ClusterSettings settings, ImmutableArray<Address> seeds)
    {
        string[] found = [.. seeds.Select(Name)];
        string configured = string.Join(", ", settings.Seeds);
        return settings.Seeds.All(found.Contains) ? configured : $"{configured} ({string.Join(", ", found)})";
    }
}
