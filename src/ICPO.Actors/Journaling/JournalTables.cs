using System.Data.Common;
using ICPO.Actors.RunFiles.Journal;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.Journaling;

/// <summary>Connects to the journal's database at the start of a run and creates its tables.</summary>
internal static class JournalTables
{
    /// <summary>
    /// Opens the database and creates its tables where they are missing. It waits for a server that does not respond; any other error is
    /// reported at once.
    /// </summary>
    /// <param name="database">The journal's database.</param>
    /// <param name="report">Called with a message when an outage begins (true) and ends.</param>
    /// <param name="time">Clock of the outage timeout.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="IOException">It cannot be opened; states how to fix it.</exception>
    public static async Task ReachAsync(
        JournalDatabase database,
        Action<string, bool> report,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await new OutageRetry(database.Description, database.OutageTimeout, report, time)
                .RunAsync(
                    async _ =>
                    {
                        await ProbeAsync(database, cancellationToken).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (DbException error)
        {
            throw new IOException(
                $"The journal cannot be opened on {database.Description}: {FirstLine(error)}. {database.Fix(error)}.",
                error
            );
        }
    }

    /// <summary>
    /// Opens a connection and creates the tables (<c>deploy/sql</c>) where one is missing. The plugin would create them at a point where
    /// nothing waits for a server that does not respond, and it fails for a role that must not create tables that exist already.
    /// </summary>
    /// <exception cref="DbException">The database does not respond or rejects the request the connection.</exception>
    /// <exception cref="IOException">The role lacks rights on the tables; names them.</exception>
    public static async Task ProbeAsync(JournalDatabase database, CancellationToken cancellationToken = default)
    {
        await using DbConnection connection = database.IsServer
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = database.IsServer
            ? $"SELECT COUNT(*) FROM unnest(ARRAY[{TableRights.Tables}]) AS name WHERE to_regclass(name) IS NULL"
            : "SELECT 3 - COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('journal', 'tags', 'snapshot')";
        if (Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), null) > 0)
        {
            // Serializes runs that start at the same time on an empty server.
            await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            command.Transaction = transaction;
#pragma warning disable CA2100 // The text is an embedded resource.
            command.CommandText =
                (database.IsServer ? "SELECT pg_advisory_xact_lock(7463910);\n" : "") + Script(database.IsServer ? "postgres" : "sqlite");
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (database.IsServer)
        {
            await TableRights.CheckAsync(connection, database.Description, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Messages of a server have further lines with positions and other details.</summary>
    private static string FirstLine(DbException error) => error.Message.Split('\n')[0].Trim().TrimEnd('.');

    private static string Script(string name)
    {
        using Stream stream = typeof(JournalTables).Assembly.GetManifestResourceStream($"sql/{name}.sql")
            ?? throw new InvalidOperationException($"The resource sql/{name}.sql is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
