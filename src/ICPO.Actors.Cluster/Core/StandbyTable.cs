using System.Collections.Concurrent;
using System.Collections.Immutable;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Cluster.Core;

/// <summary>The standbys of a core. Thread-safe.</summary>
internal sealed class StandbyTable(TimeProvider time)
{
    /// <summary>A standby that has not reported for this time is ignored, and nothing is kept for it.</summary>
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (StandbyStatus Status, long Seen)> _standbys = new();

    public void Saw(StandbyStatus standby) => _standbys[standby.Name] = (standby, time.GetTimestamp());

    /// <summary>The standbys that report, by name.</summary>
    public ImmutableArray<StandbyStatus> Present =>
        [
            .. _standbys
                .Values.Where(standby => time.GetElapsedTime(standby.Seen) < Gone)
                .Select(standby => standby.Status)
                .OrderBy(status => status.Name, StringComparer.Ordinal),
        ];

    /// <summary>
    /// The oldest version that any of them would restore, which is the base model for one without a checkpoint; null without standbys.
    /// </summary>
    public PolicyVersion? OldestHeld =>
        Present.Select(standby => (long?)(standby.Checkpoint ?? 0)).Min() is { } oldest ? new PolicyVersion(oldest) : null;
}
