using System.Collections.Immutable;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Cluster.Core;

/// <summary>The part of a run's directory that a standby copies: its checkpoints.</summary>
internal sealed class StandbyFiles(RunDirectory directory, int keep)
{
    private const string Checkpoints = "checkpoints";
    private const string CheckpointPattern = "update-*";

    /// <summary>The current checkpoints.</summary>
    public StandbyOrders List() =>
        new([
            .. Complete()
                .Select(found => new StandbyCheckpoint(
                    found.Version,
                    found.Info.Name,
                    [.. found.Info.EnumerateFiles().Select(file => Describe(file.FullName, $"{Checkpoints}/{found.Info.Name}/"))]
                )),
        ]);

    /// <summary>The oldest version that can be restored: the base model while there are fewer checkpoints than are kept.</summary>
    public long OldestKept => Complete() is { Length: var count } complete && count >= keep ? complete[^1].Version : 0;

    /// <summary>The path of a file that a standby may copy; null for any other name.</summary>
    public string? PathOf(string name) =>
        List().Checkpoints.SelectMany(checkpoint => checkpoint.Files).Any(file => file.Name == name)
            ? Path.Combine(directory.Path, name)
            : null;

    /// <summary>Newest first. A checkpoint gets its name when it is complete.</summary>
    private ImmutableArray<(long Version, DirectoryInfo Info)> Complete() =>
        Directory.Exists(directory.Checkpoints)
            ?
            [
                .. new DirectoryInfo(directory.Checkpoints)
                    .EnumerateDirectories(CheckpointPattern)
                    .Select(info => (Version: CheckpointStore.VersionOf(info.Name)?.Value ?? -1, info))
                    .Where(found => found.Version >= 0)
                    .OrderByDescending(found => found.Version),
            ]
            : [];

    private static StandbyFile Describe(string path, string folder) => new(folder + Path.GetFileName(path), new FileInfo(path).Length);
}
