using System.Collections.Immutable;

namespace ICPO.Actors.Cluster.Client;

/// <summary>A process that takes the core over when its host dies, as it describes itself.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Checkpoint">The newest checkpoint that it holds complete; null before.</param>
/// <param name="IsReady">True where it could take over now.</param>
/// <param name="Problem">Why it could not; null where nothing is wrong.</param>
public sealed record StandbyStatus(string Name, long? Checkpoint, bool IsReady, string? Problem);

/// <summary>A file that a standby copies.</summary>
/// <param name="Name">Its path below the run's directory, with forward slashes.</param>
/// <param name="Length">In bytes.</param>
internal sealed record StandbyFile(string Name, long Length);

/// <summary>A checkpoint that a standby copies.</summary>
/// <param name="Version">The number of its update.</param>
/// <param name="Name">Its directory below the run's checkpoints.</param>
/// <param name="Files">All of it.</param>
internal sealed record StandbyCheckpoint(long Version, string Name, ImmutableArray<StandbyFile> Files);

/// <summary>What a standby should hold; all else is in the database.</summary>
/// <param name="Checkpoints">Newest first.</param>
internal sealed record StandbyOrders(ImmutableArray<StandbyCheckpoint> Checkpoints);
