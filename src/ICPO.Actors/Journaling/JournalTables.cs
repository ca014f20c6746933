using System.Data.Common;
using ICPO.Actors.RunFiles.Journal;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.Journaling;

/// <summary>Connects to the journal's database at the start of a run and creates its tables.</summary>
internal static class JournalTables
{
    /// <summary>
    /// Opens it once and makes the tables where there are none: a server that is away is waited for, whatever else is wrong is told at
    /// once.
    /// </summary>
    /// <param name="say">Hears when an outage begins (true) and ends.</param>
    /// <param name="time">The clock of the outage's deadline.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It cannot be opened; says what to mend.</exception>
    public static async Task ReachAsync(
        JournalDatabase database,
        Action<string, bool> say,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await new Outage(database.Description, database.OutageTimeout, say, time)
                .RideOutAsync(
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
                $"The journal cannot be opened on {database.Description}: {error.Message.TrimEnd('.')}. {database.Mend(error)}.",
                error
            );
        }
    }

    /// <summary>
    /// Opens a connection, to see whether the database is there, and makes the tables (<c>deploy/sql</c>) where it lacks one. The plugin
    /// would do that where nothing waits for a server that is away, and fails where the role may not make tables that are there.
    /// </summary>
    /// <exception cref="DbException">It is not, or it does not let us in.</exception>
    public static async Task ProbeAsync(JournalDatabase database, CancellationToken cancellationToken = default)
    {
        await using DbConnection connection = database.IsServer
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = database.IsServer
            ? "SELECT COUNT(to_regclass(name)) FROM unnest(ARRAY['journal', 'tags', 'snapshot']) AS name"
            : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('journal', 'tags', 'snapshot')";
        if (Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), null) < 3)
        {
            // Runs that begin together on an empty server take turns.
            await using DbTransaction making = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            command.Transaction = making;
#pragma warning disable CA2100 // A file of the product's own.
            command.CommandText =
                (database.IsServer ? "SELECT pg_advisory_xact_lock(7463910);\n" : "") + Script(database.IsServer ? "postgres" : "sqlite");
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await making.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Script(string name)
    {
        using Stream stream = typeof(JournalTables).Assembly.GetManifestResourceStream($"sql/{name}.sql")
            ?? throw new InvalidOperationException($"The resource sql/{name}.sql is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
