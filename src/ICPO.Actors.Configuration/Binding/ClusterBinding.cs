using System.Collections.Immutable;
using System.Net;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>cluster</c>.</summary>
internal static class ClusterBinding
{
    private const int MaxPort = 65_535;

    public static ClusterSettings Bind(SettingsReader read)
    {
        string host = read.Text("cluster.host");
        bool allowsPlaintext = read.Flag("cluster.allow-plaintext");
        TlsSettings? tls = Tls(read);
        read.Require(host.Length > 0, "icpo.cluster.host is empty; set it to the address at which other nodes connect to this one.");
        read.Require(
            tls is not null || allowsPlaintext || IsLoopback(host),
            $"icpo.cluster.host = {host} would be exposed to the network without TLS; set icpo.cluster.tls, or "
                + "icpo.cluster.allow-plaintext = true in a trusted network."
        );
        ImmutableArray<string> seeds = read.List("cluster.seeds");
        foreach (string seed in seeds.Where(seed => !SeedAddress.TryParse(seed, out _)))
        {
            read.Require(false, $"icpo.cluster.seeds: '{seed}' is not an address; write it as host:port or dns:name:port.");
        }

        return new ClusterSettings
        {
            Roles = read.Choices<ClusterRole>("cluster.roles"),
            Name = read.Text("cluster.name"),
            Host = host,
            Port = read.Int("cluster.port", 0, MaxPort),
            FilesPort = read.Int("cluster.files-port", 0, MaxPort),
            RelaysWeights = read.Flag("cluster.relay-weights"),
            Seeds = seeds,
            JoinTimeout = read.Duration("cluster.join-timeout"),
            OrphanTimeout = read.Duration("cluster.orphan-timeout"),
            FailoverAfter = read.Duration("cluster.failover-after"),
            DrainTimeout = read.Duration("cluster.drain-timeout"),
            Directory = read.Text("cluster.directory"),
            AllowsPlaintext = allowsPlaintext,
            Tls = tls,
        };
    }

    private static TlsSettings? Tls(SettingsReader read)
    {
        var tls = new TlsSettings(read.Text("cluster.tls.certificate"), read.Text("cluster.tls.key"), read.Text("cluster.tls.authority"));
        int given = new[] { tls.Certificate, tls.Key, tls.Authority }.Count(path => path.Length > 0);
        read.Require(given is 0 or 3, "icpo.cluster.tls is incomplete; set certificate, key and authority, or none of them.");
        return given == 3 ? tls : null;
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
