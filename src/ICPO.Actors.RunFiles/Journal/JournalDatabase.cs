using System.Data.Common;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>The database of a run's journal: a SQLite file, or a PostgreSQL server that several runs may share.</summary>
/// <param name="IsServer">True for a server, which can be down.</param>
/// <param name="ConnectionString">ADO.NET connection string.</param>
/// <param name="Synchronous">SQLite's <c>synchronous</c>; PostgreSQL has its own setting.</param>
/// <param name="OutageTimeout">How long to wait for a server that does not respond.</param>
internal sealed record JournalDatabase(bool IsServer, string ConnectionString, string Synchronous, TimeSpan OutageTimeout)
{
    /// <summary>How to fix an error in opening it.</summary>
    public string Fix(Exception error)
    {
        if (!IsServer)
        {
            return "Correct journal.path, or repair the file";
        }

        if (error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName })
        {
            return "Grant that right to the role, or execute deploy/sql/postgres.sql as the owner of the database and grant the rights "
                + "that it names";
        }

        return error.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
            ? "Give the password in PGPASSWORD or ~/.pgpass, or in journal.connection-string; it is not stored in a run's effective.conf"
            : "Correct journal.connection-string, or start the server";
    }

    /// <summary>Its name in messages, without the password.</summary>
    public string Description =>
        IsServer && new NpgsqlConnectionStringBuilder(ConnectionString) is var server
            ? $"the PostgreSQL server {server.Host}:{server.Port} (database {server.Database})"
            : $"the SQLite file {new SqliteConnectionStringBuilder(ConnectionString).DataSource}";

    public static JournalDatabase Create(JournalSettings journal, RunDirectory directory)
    {
        JournalConnection connection =
            journal.ConnectionString.Length > 0
                ? JournalConnection.Parse(journal.ConnectionString)
                : new(false, new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory.Path, journal.Path) }.ToString());
        return new(connection.IsServer, connection.ConnectionString, journal.Synchronous, journal.OutageTimeout);
    }

    /// <summary>The persistence id of a run's events.</summary>
    public static string PersistenceId(string runId) => runId.Length > 0 ? $"trajectory-buffer-{runId}" : "trajectory-buffer";

    /// <summary>Opens a new connection for reading; a SQLite file cannot be written through it.</summary>
    public DbConnection OpenToRead()
    {
        DbConnection connection = IsServer
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString())
            : new SqliteConnection(
                new SqliteConnectionStringBuilder(ConnectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()
            );
        connection.Open();
        return connection;
    }

    /// <summary>Closes pooled connections, so that a run that has ended keeps no connection to its database.</summary>
    public void CloseIdle()
    {
        if (IsServer)
        {
            using var server = new NpgsqlConnection(ConnectionString);
            NpgsqlConnection.ClearPool(server);
            return;
        }

        using var file = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(file);
    }
}
