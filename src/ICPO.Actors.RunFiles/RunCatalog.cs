using System.Collections.Immutable;
using System.Diagnostics;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>A process is at it.</summary>
    Running,

    /// <summary>All updates are made.</summary>
    Completed,

    /// <summary>It was stopped on request.</summary>
    Stopped,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>Its process has gone without a word.</summary>
    Dead,
}

/// <summary>A run directory at a glance.</summary>
/// <param name="Directory">Where it lies.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Owner">The process that is at it, or that has gone without a word.</param>
/// <param name="Settings">Its configuration; null where that cannot be read.</param>
/// <param name="Committed">Updates made.</param>
/// <param name="Before">Accuracy before training.</param>
/// <param name="Accuracy">The last accuracy measured.</param>
/// <param name="AccuracyAt">After which update.</param>
/// <param name="Error">Why it failed, or what of it cannot be read.</param>
public sealed record RunEntry(
    string Directory,
    RunState State,
    RunOwner? Owner,
    RunSettings? Settings,
    long Committed,
    double? Before,
    double? Accuracy,
    long? AccuracyAt,
    string? Error
);

/// <summary>Finds the runs below a directory and tells where they stand, without touching them.</summary>
public static class RunCatalog
{
    private const int Depth = 6;

    /// <summary>Runs in or below a directory, by name.</summary>
    /// <exception cref="IOException">There is no such directory.</exception>
    public static ImmutableArray<RunEntry> Read(string path, TimeProvider time)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"{path}: there is no such directory.");
        }

        return [.. Find(path, Depth).Select(found => Look(found, time))];
    }

    /// <summary>A run holds no other runs, so what is found is not searched.</summary>
    private static IEnumerable<string> Find(string path, int depth) =>
        File.Exists(new RunDirectory(path).EffectiveConfiguration) ? [path]
        : depth == 0 ? []
        : Directory
            .EnumerateDirectories(
                path,
                "*",
                new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
            .Order(StringComparer.Ordinal)
            .SelectMany(inner => Find(inner, depth - 1));

    private static RunEntry Look(string path, TimeProvider time)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        RunOwner? owner = RunLock.Owner(directory);
        bool running = owner is not null && IsAlive(directory, owner, time);
        try
        {
            var history = RunHistory.Read(directory.Path);
            RunSettings settings = StoredConfiguration.Read(directory).Settings;
            RunState state =
                running ? RunState.Running
                : owner is not null ? RunState.Dead
                : history.Summary?.State switch
                {
                    "completed" => RunState.Completed,
                    "stopped" => RunState.Stopped,
                    "failed" => RunState.Failed,
                    _ => RunState.Dead,
                };
            (long committed, string? unread) = state is RunState.Completed or RunState.Stopped
                ? (history.Summary!.Updates, null)
                : Committed(directory, history);
            EvaluationLine? last = history.Evaluations is [.., EvaluationLine newest] ? newest : null;
            return new RunEntry(
                path,
                state,
                owner,
                settings,
                committed,
                history.Evaluations.FirstOrDefault(line => line.Update == 0)?.Accuracy,
                last?.Accuracy,
                last?.Update,
                state == RunState.Failed ? history.Summary!.Error : unread
            );
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ConfigurationException or UnauthorizedAccessException)
        {
            return new RunEntry(path, running ? RunState.Running : RunState.Dead, owner, null, 0, null, null, null, error.Message);
        }
    }

    /// <summary>From the journal; where that cannot be read, what the metrics say.</summary>
    private static (long Committed, string? Unread) Committed(RunDirectory directory, RunHistory history)
    {
        try
        {
            return (RunJournal.Open(directory.Path).State.Committed.Value, null);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return (history.Updates is [.., UpdateLine last] ? last.Update : 0, error is FileNotFoundException ? null : error.Message);
        }
    }

    /// <summary>
    /// On this machine the process decides, and the lock where another has got its number since; elsewhere the last sign of life.
    /// </summary>
    private static bool IsAlive(RunDirectory directory, RunOwner owner, TimeProvider time)
    {
        if (owner.Host != Environment.MachineName)
        {
            return time.GetUtcNow() - owner.Seen < RunLock.Lease;
        }

        try
        {
            using var process = Process.GetProcessById(owner.Process);
            using FileStream free = new(directory.Lock, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (IOException)
        {
            return File.Exists(directory.Lock);
        }
    }
}
