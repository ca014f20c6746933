using System.Data.Common;
using System.Runtime.Serialization;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>
/// Reads a run's journal without an actor system and without writing: one transaction over the tables of Akka.Persistence.Sql, so the
/// result is one moment of the run, whether the run has ended, was killed or is active.
/// </summary>
internal static class JournalFile
{
    /// <summary>The newest snapshot, if any, and all events that are not deleted, in order.</summary>
    /// <exception cref="IOException">There is no journal, or it cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">Its content cannot be read; names the event.</exception>
    public static JournalContent Read(RunDirectory directory, RunSettings settings)
    {
        var database = JournalDatabase.Create(settings.Journal, directory);
        string persistenceId = JournalDatabase.PersistenceId(settings.RunId);
        string path = Path.Combine(directory.Path, settings.Journal.Path);
        if (settings.Journal.ConnectionString.Length == 0 && !File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: there is no journal; the run has not started, or journal.path has changed.", path);
        }

        string name = database.Description;
        try
        {
            using JournalCopy? copy = database.IsServer ? null : JournalCopy.IfNeeded(path);
            using DbConnection connection = (
                copy is null ? database : database with { ConnectionString = $"Data Source={copy.Path}" }
            ).OpenToRead();
            using DbTransaction transaction = connection.BeginTransaction();
            (long sequence, BufferSnapshot? snapshot) = Rows<BufferSnapshot>(
                    connection,
                    transaction,
                    persistenceId,
                    "SELECT sequence_number, manifest, snapshot FROM snapshot WHERE persistence_id = @id "
                        + "ORDER BY sequence_number DESC LIMIT 1",
                    name
                )
                .FirstOrDefault();
            List<(long, IBufferEvent)> events =
            [
                .. Rows<IBufferEvent>(
                    connection,
                    transaction,
                    persistenceId,
                    "SELECT sequence_number, manifest, message, deleted FROM journal WHERE persistence_id = @id "
                        + "ORDER BY sequence_number",
                    name
                ),
            ];
            return snapshot is null || JournalRules.Violation(snapshot) is not { } violation
                ? new JournalContent(sequence, snapshot, events)
                : throw new InvalidDataException($"{name}: snapshot {sequence} cannot be read. {violation}");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            throw new IOException(
                $"{name} cannot be read: {error.Message.TrimEnd('.')}.{(database.IsServer ? $" {database.Fix(error)}." : "")}",
                error
            );
        }
    }

    private static IEnumerable<(long Sequence, T Content)> Rows<T>(
        DbConnection connection,
        DbTransaction transaction,
        string persistenceId,
        string query,
        string name
    )
        where T : class
    {
        using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The queries are the constants above.
        command.CommandText = query;
#pragma warning restore CA2100
        DbParameter id = command.CreateParameter();
        (id.ParameterName, id.Value) = ("@id", persistenceId);
        command.Parameters.Add(id);
        using DbDataReader rows = command.ExecuteReader();
        int number = 0;
        while (rows.Read())
        {
            number++;
            long sequence = rows.GetValue(0) is long stored
                ? stored
                : throw new InvalidDataException($"{name}: row {number} of the journal cannot be read: its number is not a whole number.");

            string problem = $"{name}: {(rows.FieldCount > 3 ? "event" : "snapshot")} {sequence} cannot be read.";

            // A deleted event keeps only its sequence number.
            if (rows.FieldCount <= 3 || !IsDeleted(rows.GetValue(3), problem))
            {
                yield return (sequence, Content<T>(rows, problem));
            }
        }
    }

    private static bool IsDeleted(object value, string problem) =>
        value switch
        {
            bool deleted => deleted,
            long deleted => deleted != 0,
            _ => throw OtherTypes(problem),
        };

    private static InvalidDataException OtherTypes(string problem) =>
        new($"{problem} Its columns do not have the types of the journal's table; restore it from a copy.");

    /// <summary>SQLite stores any type in any column.</summary>
    private static T Content<T>(DbDataReader row, string problem)
        where T : class
    {
        if (row.GetValue(1) is not string manifest || row.GetValue(2) is not byte[] bytes)
        {
            throw OtherTypes(problem);
        }

        try
        {
            return WireFormat.Read(manifest, bytes) as T
                ?? throw new InvalidDataException($"{problem} '{manifest}' does not belong there; restore the journal from a copy.");
        }
        catch (SerializationException error)
        {
            throw new InvalidDataException($"{problem} {error.Message}", error);
        }
    }
}

/// <summary>The content of a journal's tables.</summary>
/// <param name="SnapshotAt">The last event that the snapshot covers; 0 without one.</param>
/// <param name="Snapshot">The newest; null if there is none.</param>
/// <param name="Events">With their numbers, ascending.</param>
internal sealed record JournalContent(long SnapshotAt, BufferSnapshot? Snapshot, List<(long Sequence, IBufferEvent Event)> Events);
