using System.Data.Common;
using System.Runtime.Serialization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>
/// Reads a run's journal without starting an actor system and without writing: one transaction over the tables of
/// Akka.Persistence.Sql, so that what it gives is one moment of the run, whether the run is over, killed or going on.
/// </summary>
internal static class JournalFile
{
    /// <summary>The newest snapshot, where there is one, and the events that are still there, in order.</summary>
    /// <exception cref="IOException">There is no journal, or it cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">What it holds cannot be read; names the event.</exception>
    public static JournalContent Read(RunDirectory directory, RunSettings settings)
    {
        var database = JournalDatabase.Of(settings.Journal, directory);
        string persistenceId = JournalDatabase.PersistenceId(settings.RunId);
        string path = Path.Combine(directory.Path, settings.Journal.Path);
        if (settings.Journal.ConnectionString.Length == 0 && !File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: there is no journal; the run has not begun, or journal.path is another.", path);
        }

        string name = database.Description;
        try
        {
            using DbConnection connection = database.OpenToRead();
            using DbTransaction moment = connection.BeginTransaction();
            (long sequence, object? snapshot) = Rows(
                    connection,
                    moment,
                    persistenceId,
                    "SELECT sequence_number, manifest, snapshot FROM snapshot WHERE persistence_id = @id ORDER BY sequence_number DESC LIMIT 1",
                    name
                )
                .FirstOrDefault();
            List<(long, IBufferEvent)> events =
            [
                .. Rows(
                        connection,
                        moment,
                        persistenceId,
                        "SELECT sequence_number, manifest, message, deleted FROM journal WHERE persistence_id = @id ORDER BY sequence_number",
                        name
                    )
                    .Select(row => (row.Sequence, (IBufferEvent)row.Said)),
            ];
            return new JournalContent(sequence, (BufferSnapshot?)snapshot, events);
        }
        catch (DbException error)
        {
            throw new IOException(
                $"{name} cannot be read: {error.Message.TrimEnd('.')}.{(database.IsServer ? $" {database.Mend(error)}." : "")}",
                error
            );
        }
    }

    private static IEnumerable<(long Sequence, object Said)> Rows(
        DbConnection connection,
        DbTransaction moment,
        string persistenceId,
        string query,
        string name
    )
    {
        var serializer = new IcpoSerializer(null!);
        using DbCommand command = connection.CreateCommand();
        command.Transaction = moment;
#pragma warning disable CA2100 // The texts above.
        command.CommandText = query;
#pragma warning restore CA2100
        DbParameter id = command.CreateParameter();
        (id.ParameterName, id.Value) = ("@id", persistenceId);
        command.Parameters.Add(id);
        using DbDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            // An event that stands only for the number it had.
            if (rows.FieldCount > 3 && Convert.ToBoolean(rows.GetValue(3), null))
            {
                continue;
            }

            long sequence = Convert.ToInt64(rows.GetValue(0), null);
            object said;
            try
            {
                said = serializer.FromBinary((byte[])rows.GetValue(2), rows.GetString(1));
            }
            catch (SerializationException error)
            {
                throw new InvalidDataException($"{name}: event {sequence} cannot be read. {error.Message}", error);
            }

            yield return (sequence, said);
        }
    }
}

/// <summary>What a journal's tables hold.</summary>
/// <param name="SnapshotAt">The last event that the snapshot covers; 0 without one.</param>
/// <param name="Snapshot">The newest; null where there is none.</param>
/// <param name="Events">With their numbers, ascending.</param>
internal sealed record JournalContent(long SnapshotAt, BufferSnapshot? Snapshot, List<(long Sequence, IBufferEvent Event)> Events);
