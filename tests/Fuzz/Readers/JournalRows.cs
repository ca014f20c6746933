using Microsoft.Data.Sqlite;
using TestSupport;

namespace Fuzz.Readers;

/// <summary>Writes the rows of a journal into the tables of deploy/sql/sqlite.sql.</summary>
internal static class JournalRows
{
    private const string Snapshot = "buffer-snapshot.1";

    public static void Write(string path, IEnumerable<(string Manifest, byte[] Message)> rows)
    {
        bool isNew = !File.Exists(path);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
        Execute(
            connection,
            isNew ? File.ReadAllText(Repository.In("deploy", "sql", "sqlite.sql")) : "DELETE FROM journal; DELETE FROM snapshot;"
        );
        using SqliteTransaction transaction = connection.BeginTransaction();
        int number = 0;
        foreach ((string manifest, byte[] message) in rows)
        {
            number++;
            using SqliteCommand insert = connection.CreateCommand();
            insert.CommandText =
                manifest == Snapshot
                    ? "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) "
                        + "VALUES ('trajectory-buffer-fuzz', $number, 0, $message, $manifest, 0)"
                    : "INSERT INTO journal (ordering, created, deleted, persistence_id, sequence_number, message, manifest) "
                        + "VALUES ($number, 0, 0, 'trajectory-buffer-fuzz', $number, $message, $manifest)";
            insert.Parameters.AddWithValue("$number", number);
            insert.Parameters.AddWithValue("$message", message);
            insert.Parameters.AddWithValue("$manifest", manifest);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of this file and of deploy/sql.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
