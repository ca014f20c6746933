using System.Collections.Immutable;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Pruning;

/// <summary>Finds and deletes files of a run that are no longer needed. An active run is not touched.</summary>
public static class RunPruner
{
    private const string Unfinished = "*.tmp";

    /// <summary>The items of a run that can be deleted; none for an active run.</summary>
    /// <exception cref="IOException">A directory or the journal's server cannot be read.</exception>
    public static ImmutableArray<PrunedItem> Find(RunEntry run, PruneScope scope)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(scope);
        if (run.State == RunState.Running)
        {
            return [];
        }

        var directory = new RunDirectory(run.Directory);
        bool completed = run.State == RunState.Completed;
        return
        [
            .. Files(directory.Policies, "policy-*.safetensors", PruneReason.PublishedWeights),
            .. Files(directory.Policies, Unfinished, PruneReason.Unfinished),
            .. Files(directory.Path, Unfinished, PruneReason.Unfinished),
            .. Directories(directory.Checkpoints, Unfinished, PruneReason.Unfinished),
            .. completed && scope.Checkpoints
                ? Directories(directory.Checkpoints, "update-*", PruneReason.EarlierCheckpoint)
                    .Where(item => !item.Path.EndsWith(".tmp", StringComparison.Ordinal))
                    .SkipLast(1)
                : [],
            .. completed && scope.Payloads ? Files(directory.Payloads, "*.segment", PruneReason.Payload) : [],
            .. completed && scope.Payloads && run.Settings is { } settings ? PayloadRows.Find(directory, settings) : [],
        ];
    }

    /// <summary>Deletes the items of <see cref="Find"/>, under the run's lock.</summary>
    /// <exception cref="IOException">A process has started to work on the run, or something cannot be deleted.</exception>
    public static void Delete(RunEntry run, ImmutableArray<PrunedItem> items, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (items.IsEmpty)
        {
            return;
        }

        using var taken = RunLock.Take(new RunDirectory(Path.GetFullPath(run.Directory)), time);
        foreach (PrunedItem item in items)
        {
            if (Directory.Exists(item.Path))
            {
                Directory.Delete(item.Path, recursive: true);
            }
            else if (item.IsInDatabase)
            {
                PayloadRows.Delete(new RunDirectory(run.Directory), run.Settings!);
            }
            else
            {
                File.Delete(item.Path);
            }
        }
    }

    private static IEnumerable<PrunedItem> Files(string folder, string pattern, PruneReason reason) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, pattern)
                .Order(StringComparer.Ordinal)
                .Select(path => new PrunedItem(path, new FileInfo(path).Length, reason))
            : [];

    private static IEnumerable<PrunedItem> Directories(string folder, string pattern, PruneReason reason) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder, pattern)
                .Order(StringComparer.Ordinal)
                .Select(path => new PrunedItem(path, Size(path), reason))
            : [];

    private static long Size(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
}
