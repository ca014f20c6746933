namespace ICPO.Actors.Cluster.Election;

/// <summary>What has become of a run.</summary>
internal enum LeaseState
{
    /// <summary>It goes on; where nobody holds its lease, a standby takes it over.</summary>
    Running,

    /// <summary>All updates are made.</summary>
    Completed,

    /// <summary>It was stopped on request.</summary>
    Stopped,

    /// <summary>It has ended with an error that another process would meet as well.</summary>
    Failed,
}

/// <summary>The process that holds a lease, or wants it.</summary>
/// <param name="Token">Distinguishes it from every other process.</param>
/// <param name="Node">Its name, for people.</param>
/// <param name="Seed">Its address in the cluster, as host:port; empty before it has joined.</param>
/// <param name="Files">Base address of its HTTP server; empty before that has started.</param>
/// <param name="OldestKept">The oldest version that the run can go back to.</param>
internal sealed record LeaseHolder(string Token, string Node, string Seed, string Files, long OldestKept);

/// <summary>The lease of a run as the database has it.</summary>
/// <param name="Holder">The last holder.</param>
/// <param name="State">Of the run.</param>
/// <param name="IsLive">True while the holder has renewed it in time.</param>
internal sealed record LeaseRow(LeaseHolder Holder, LeaseState State, bool IsLive);
