using System.Collections.Immutable;

namespace ICPO.Actors.Cluster.Client;

/// <summary>The report of a process that can take over the core when its host fails.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Checkpoint">Its newest complete checkpoint; null without one.</param>
/// <param name="IsReady">True if it could take over now.</param>
/// <param name="Problem">The reason if it could not; otherwise null.</param>
public sealed record StandbyStatus(string Name, long? Checkpoint, bool IsReady, string? Problem);

/// <summary>A file that a standby copies.</summary>
/// <param name="Name">Its path below the run's directory, with forward slashes.</param>
/// <param name="Length">In bytes.</param>
internal sealed record StandbyFile(string Name, long Length);

/// <summary>A checkpoint that a standby copies.</summary>
/// <param name="Version">The number of its update.</param>
/// <param name="Name">Its directory below the run's checkpoints.</param>
/// <param name="Files">Its files.</param>
internal sealed record StandbyCheckpoint(long Version, string Name, ImmutableArray<StandbyFile> Files);

/// <summary>The files that a standby should have; everything else is in the database.</summary>
/// <param name="Checkpoints">Newest first.</param>
internal sealed record StandbyOrders(ImmutableArray<StandbyCheckpoint> Checkpoints);
