using System.Collections.Immutable;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>The roles of a process of a cluster.</summary>
public enum ClusterRole
{
    /// <summary>Samples policy rollouts.</summary>
    Rollout,

    /// <summary>Samples expert rollouts.</summary>
    Expert,

    /// <summary>Judges responses.</summary>
    Verifier,

    /// <summary>Runs the core: dispatcher, filter, buffer and learner.</summary>
    Learner,
}

/// <summary>Settings of this process in a cluster.</summary>
public sealed record ClusterSettings
{
    public required ImmutableArray<ClusterRole> Roles { get; init; }

    /// <summary>The node's name; empty uses its address.</summary>
    public required string Name { get; init; }

    /// <summary>The address that the node listens on, and by which the others reach it.</summary>
    public required string Host { get; init; }

    /// <summary>The port of actor messages; 0 uses a free one.</summary>
    public required int Port { get; init; }

    /// <summary>The port of the HTTP server of the core and of nodes that pass weights on; 0 uses a free one.</summary>
    public required int FilesPort { get; init; }

    /// <summary>True to pass weights that this node has fetched on to other nodes.</summary>
    public required bool RelaysWeights { get; init; }

    /// <summary>Nodes to join, as host:port; empty starts a new cluster.</summary>
    public required ImmutableArray<string> Seeds { get; init; }

    public required TimeSpan JoinTimeout { get; init; }

    public required TimeSpan OrphanTimeout { get; init; }

    /// <summary>A core that has not renewed its lease for this time is replaced by a standby.</summary>
    public required TimeSpan FailoverAfter { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>The directory of fetched models and weights; empty uses the user's cache.</summary>
    public required string Directory { get; init; }

    /// <summary>True to allow addresses other than loopback without TLS.</summary>
    public required bool AllowsPlaintext { get; init; }

    /// <summary>Files for TLS; null for plain text.</summary>
    public required TlsSettings? Tls { get; init; }
}

/// <summary>Mutual TLS.</summary>
/// <param name="Certificate">PEM file of this node's certificate.</param>
/// <param name="Key">PEM file of its private key.</param>
/// <param name="Authority">PEM file of the authority's certificate.</param>
public sealed record TlsSettings(string Certificate, string Key, string Authority);
