using System.Collections.Immutable;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles;

/// <summary>Finds the runs below a directory and reads their state, without changing them.</summary>
public static class RunCatalog
{
    private const int MaxDepth = 6;
    private const int MaxErrorLength = 600;

    /// <summary>Runs in or below a directory, by name.</summary>
    /// <exception cref="IOException">The directory does not exist.</exception>
    public static ImmutableArray<RunEntry> Read(string path, TimeProvider time)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"{path}: no such directory.");
        }

        return [.. Find(path).Select(found => Inspect(found, time))];
    }

    /// <summary>Directories of runs in or below a directory, by name.</summary>
    internal static IEnumerable<string> Find(string path) => Find(path, MaxDepth);

    /// <summary>A run contains no other runs, so its directory is not searched.</summary>
    private static IEnumerable<string> Find(string path, int depth)
    {
        if (File.Exists(new RunDirectory(path).EffectiveConfiguration))
        {
            return [path];
        }

        if (depth == 0)
        {
            return [];
        }

        return Directory
            .EnumerateDirectories(
                path,
                "*",
                new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
            .Order(StringComparer.Ordinal)
            .SelectMany(inner => Find(inner, depth - 1));
    }

    private static RunEntry Inspect(string path, TimeProvider time)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        (RunState state, RunOwner? owner) = (RunState.Dead, null);
        try
        {
            (state, owner) = RunStates.Read(directory, null, time);
            var history = RunHistory.Read(directory.Path);
            RunSettings settings = StoredConfiguration.Read(directory).Settings;
            (state, owner) = RunStates.Read(directory, history.Summary?.State, time);
            (long committed, string? unread) =
                state is RunState.Completed or RunState.Stopped && history.Summary is { StopIncomplete: null }
                    ? (history.Summary!.Updates, null)
                    : Committed(directory, settings, history);
            EvaluationLine? last = history.Evaluations is [.., EvaluationLine newest] ? newest : null;
            return new RunEntry
            {
                Directory = path,
                State = state,
                Owner = owner,
                Settings = settings,
                Committed = committed,
                Before = history.Evaluations.FirstOrDefault(line => line.Update == 0)?.Accuracy,
                Accuracy = last?.Accuracy,
                AccuracyAt = last?.Update,
                Error = state == RunState.Failed ? history.Summary!.Error : unread,
            };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // An error in one run does not prevent listing the others.
            return new RunEntry
            {
                Directory = path,
                State = state,
                Owner = owner,
                Error = Sentence(error),
            };
        }
    }

    /// <summary>One line, with the type if the message is not meant for users.</summary>
    private static string Sentence(Exception error)
    {
        string line = error.Message.ReplaceLineEndings(" ");
        line = line.Length <= MaxErrorLength ? line : line[..MaxErrorLength] + "…";
        return error is IOException or InvalidDataException or ConfigurationException or UnauthorizedAccessException
            ? line
            : $"it cannot be read ({error.GetType().Name}: {line})";
    }

    /// <summary>From the journal; if that cannot be read, from the metrics.</summary>
    private static (long Committed, string? Unread) Committed(RunDirectory directory, RunSettings settings, RunHistory history)
    {
        try
        {
            return (RunJournal.Open(directory, settings, []).State.Committed.Value, null);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return (history.Updates is [.., UpdateLine last] ? last.Update : 0, error is FileNotFoundException ? null : Sentence(error));
        }
    }
}
