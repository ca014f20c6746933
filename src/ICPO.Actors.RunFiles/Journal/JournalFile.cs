using System.Data.Common;
using System.Runtime.Serialization;
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
    /// <exception cref="InvalidDataException">What it holds cannot be read; names the event.</exception>
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
            using DbConnection connection = database.OpenToRead();
            using DbTransaction transaction = connection.BeginTransaction();
            (long sequence, object? snapshot) = Rows(
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
                .. Rows(
                        connection,
                        transaction,
                        persistenceId,
                        "SELECT sequence_number, manifest, message, deleted FROM journal WHERE persistence_id = @id "
                            + "ORDER BY sequence_number",
                        name
                    )
                    .Select(row => (row.Sequence, (IBufferEvent)row.Content)),
            ];
            return new JournalContent(sequence, (BufferSnapshot?)snapshot, events);
        }
        catch (DbException error)
        {
            throw new IOException(
                $"{name} cannot be read: {error.Message.TrimEnd('.')}.{(database.IsServer ? $" {database.Fix(error)}." : "")}",
                error
            );
        }
    }

    private static IEnumerable<(long Sequence, object Content)> Rows(
        DbConnection connection,
        DbTransaction transaction,
        string persistenceId,
        string query,
        string name
    )
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
        while (rows.Read())
        {
            // A deleted event keeps only its sequence number.
            if (rows.FieldCount > 3 && Convert.ToBoolean(rows.GetValue(3), null))
            {
                continue;
            }

            long sequence = Convert.ToInt64(rows.GetValue(0), null);
            object content;
            try
            {
                content = WireFormat.Read(rows.GetString(1), (byte[])rows.GetValue(2));
            }
            catch (SerializationException error)
            {
                throw new InvalidDataException($"{name}: event {sequence} cannot be read. {error.Message}", error);
            }

            yield return (sequence, content);
        }
    }
}

/// <summary>What a journal's tables hold.</summary>
/// <param name="SnapshotAt">The last event that the snapshot covers; 0 without one.</param>
/// <param name="Snapshot">The newest; null where there is none.</param>
/// <param name="Events">With their numbers, ascending.</param>
internal sealed record JournalContent(long SnapshotAt, BufferSnapshot? Snapshot, List<(long Sequence, IBufferEvent Event)> Events);
