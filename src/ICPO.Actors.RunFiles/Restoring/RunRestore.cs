using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>Restores a run directory from the journal's server, so that another host can continue the run.</summary>
public static class RunRestore
{
    /// <summary>
    /// Writes configuration, inputs, events and metrics of a run into a directory, which may contain an earlier state of it. Existing
    /// checkpoints are kept: copy the newest one there (an earlier one that the run keeps works as well), and resume the run.
    /// </summary>
    /// <param name="connectionString">The connection string of the server; the password is not written.</param>
    /// <param name="runId">The run's <c>run.id</c>.</param>
    /// <param name="targetDirectory">Created if it is missing.</param>
    /// <param name="time">The clock of the directory's lock; the system's if null.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ArgumentException">The connection string does not name a PostgreSQL server.</exception>
    /// <exception cref="IOException">
    /// The server has no such run or cannot be read, the run's payloads are in files, or another process uses the directory.
    /// </exception>
    public static async Task<RunDirectory> FromDatabaseAsync(
        string connectionString,
        string runId,
        string targetDirectory,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        ArgumentNullException.ThrowIfNull(runId);
        var server = JournalConnection.Parse(connectionString);
        if (!server.IsServer)
        {
            throw new ArgumentException("A run can only be restored from a PostgreSQL server.", nameof(connectionString));
        }

        ImmutableArray<RunLine> lines = await RunNoteTable
            .ReadAsync(server.ConnectionString, runId, cancellationToken)
            .ConfigureAwait(false);
        string configuration = Configuration(lines, runId, connectionString);
        var directory = new RunDirectory(Path.GetFullPath(targetDirectory));
        directory.Create();
        using var taken = RunLock.Take(directory, time ?? TimeProvider.System);

        // The file describes an earlier state of the run.
        File.Delete(directory.Summary);
        Replace(directory.Events, Text(lines, RunLineKinds.Event));
        Replace(directory.Metrics, Text(lines, RunLineKinds.Update, RunLineKinds.Evaluation));
        if (lines.FirstOrDefault(line => line.Kind == RunLineKinds.Inputs) is { } inputs)
        {
            Replace(directory.Inputs, inputs.Json);
        }

        // The configuration is written last, so the directory always contains either a complete run or its previous content.
        Replace(directory.EffectiveConfiguration, configuration);
        return directory;
    }

    /// <summary>The stored configuration, with the connection string of this process.</summary>
    private static string Configuration(ImmutableArray<RunLine> lines, string runId, string connectionString)
    {
        string? text = lines.FirstOrDefault(line => line.Kind == RunLineKinds.Configuration) is { } stored
            ? JsonSerializer.Deserialize(stored.Json, LineJson.Default.String)
            : null;
        if (text is null)
        {
            throw new IOException(
                $"The server has no run {runId} that can be continued without its directory; use another run.id, or resume the run "
                    + "where its directory is."
            );
        }

        JournalSettings journal = IcpoConfiguration.LoadStored(new ConfigurationFile("effective.conf", text), out _).Settings.Journal;
        if (!journal.PayloadsInDatabase)
        {
            throw new IOException(
                $"Run {runId} stores its payloads in files (journal.payloads = files); it can be continued only where its directory is."
            );
        }

        return ConnectionSecret.IsSameDatabase(journal.ConnectionString, connectionString)
            ? text
            : $"{text.TrimEnd('\n')}\n# The connection string with which this directory was restored.\nicpo.journal.connection-string = "
                + $"{HoconWriter.Scalar(ConnectionSecret.Remove(connectionString))}\n";
    }

    private static string Text(ImmutableArray<RunLine> lines, params string[] kinds) =>
        string.Concat(
            lines
                .Where(line => kinds.Contains(line.Kind))
                .OrderBy(line => line.Number)
                .ThenBy(line => Array.IndexOf(kinds, line.Kind))
                .Select(line => line.Json.ReplaceLineEndings(" ") + "\n")
        );

    private static void Replace(string path, string text)
    {
        string temporary = $"{path}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
