namespace ICPO.Actors.Cluster.Election;

/// <summary>The state of a run.</summary>
internal enum LeaseState
{
    /// <summary>It is active; if no process holds its lease, a standby takes it over.</summary>
    Running,

    /// <summary>All updates are complete.</summary>
    Completed,

    /// <summary>It was stopped on request.</summary>
    Stopped,

    /// <summary>It has ended with an error that would occur in another process as well.</summary>
    Failed,
}

/// <summary>The process that holds or requests a lease.</summary>
/// <param name="Token">Distinguishes it from every other process.</param>
/// <param name="Node">Its display name.</param>
/// <param name="Seed">Its address in the cluster, as host:port; empty before it has joined.</param>
/// <param name="Files">Base address of its HTTP server; empty before that has started.</param>
/// <param name="OldestKept">The oldest version that can be restored.</param>
internal sealed record LeaseHolder(string Token, string Node, string Seed, string Files, long OldestKept);

/// <summary>The lease of a run as stored in the database.</summary>
/// <param name="Holder">The last holder.</param>
/// <param name="State">The state of the run.</param>
/// <param name="IsLive">True if the holder has renewed it in time.</param>
internal sealed record LeaseRow(LeaseHolder Holder, LeaseState State, bool IsLive);
