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
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A cluster admits no member while another one is unreachable, until the core has removed that one, which takes 13 s
    /// (<see cref="MemberRemovalActor"/>).
    /// </summary>
    private static readonly TimeSpan Admission = TimeSpan.FromSeconds(20);

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
    /// <exception cref="IOException">No seed has responded, or the cluster has not admitted this process, in time; names them.</exception>
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
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task joining = seeds.IsEmpty ? cluster.JoinAsync(cluster.SelfAddress, ended.Token) : cluster.JoinSeedNodesAsync(seeds, ended.Token);
        await Task.WhenAny(joining, Task.Delay(Timeout.InfiniteTimeSpan, deadline.Token)).ConfigureAwait(false);
        bool isAnswered = joining.IsCompleted || await AnswersAsync(system, seeds, ended.Token).ConfigureAwait(false);
        ended.CancelAfter(isAnswered ? Admission : TimeSpan.Zero);
        try
        {
            await joining.ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            string names = Names(settings, seeds);
            throw new IOException(
                isAnswered
                    ? $"The cluster of {names} has not admitted this process within {(settings.JoinTimeout + Admission).TotalSeconds:0} s. "
                        + "Restart it when the unreachable members have been removed (a supervisor does that)."
                    : $"No seed has responded within {settings.JoinTimeout.TotalSeconds:0} s: {names}. Start one of them, or correct "
                        + "icpo.cluster.seeds; with TLS all nodes need certificates of one authority.",
                error
            );
        }
    }

    /// <summary>True if a seed is a member of a cluster.</summary>
    private static async Task<bool> AnswersAsync(ActorSystem system, ImmutableArray<Address> seeds, CancellationToken cancellationToken)
    {
        Task<bool>[] answers = [.. seeds.Select(AnswersAsync)];
        return (await Task.WhenAll(answers).ConfigureAwait(false)).Any(answers => answers);

        async Task<bool> AnswersAsync(Address seed)
        {
            try
            {
                ActorSelection daemon = system.ActorSelection(new RootActorPath(seed) / "system" / "cluster" / "core" / "daemon");
                await daemon.ResolveOne(Answer, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (ActorNotFoundException)
            {
                return false;
            }
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
