using Microsoft.Data.Sqlite;

namespace Fuzz.Readers;

/// <summary>Writes the rows of a journal into the tables of deploy/sql/sqlite.sql.</summary>
internal static class JournalRows
{
    private const string Snapshot = "buffer-snapshot.1";

    private static SqliteConnection? _open;

    /// <summary>Replaces the rows of a database, which stays open: creating one takes longer than reading it.</summary>
    public static void Write(string path, IEnumerable<(string Manifest, byte[] Message)> rows)
    {
        if (_open?.DataSource != path)
        {
            _open?.Dispose();
            _open = new SqliteConnection($"Data Source={path};Pooling=False");
            bool isNew = !File.Exists(path);
            _open.Open();
            Execute(_open, "PRAGMA page_size = 512; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
            Execute(_open, isNew ? File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sqlite.sql")) : "SELECT 1;");
        }

        using SqliteTransaction transaction = _open.BeginTransaction();
        Execute(_open, "DELETE FROM journal; DELETE FROM snapshot;");
        using SqliteCommand journal = Insert(
            "INSERT INTO journal (ordering, created, deleted, persistence_id, sequence_number, message, manifest) "
                + "VALUES ($number, 0, 0, 'trajectory-buffer-fuzz', $number, $message, $manifest)"
        );
        using SqliteCommand snapshot = Insert(
            "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) "
                + "VALUES ('trajectory-buffer-fuzz', $number, 0, $message, $manifest, 0)"
        );
        foreach ((int number, (string manifest, byte[] message)) in rows.Index())
        {
            SqliteCommand insert = manifest == Snapshot ? snapshot : journal;
            insert.Parameters["$number"].Value = number + 1;
            insert.Parameters["$message"].Value = message;
            insert.Parameters["$manifest"].Value = manifest;
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static SqliteCommand Insert(string text)
    {
        SqliteCommand insert = _open!.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants above.
        insert.CommandText = text;
#pragma warning restore CA2100
        insert.Parameters.Add("$number", SqliteType.Integer);
        insert.Parameters.Add("$message", SqliteType.Blob);
        insert.Parameters.Add("$manifest", SqliteType.Text);
        return insert;
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
