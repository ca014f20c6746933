using System.Data.Common;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors;

/// <summary>Where a run's journal lies: in a SQLite file, or on a PostgreSQL server that several runs may share.</summary>
/// <param name="Provider">What Linq2Db calls it.</param>
/// <param name="ConnectionString">In the form of ADO.NET.</param>
/// <param name="Synchronous">SQLite's <c>synchronous</c>; PostgreSQL's is the server's affair.</param>
/// <param name="OutageTimeout">How long a server that does not answer is waited for.</param>
internal sealed record JournalDatabase(string Provider, string ConnectionString, string Synchronous, TimeSpan OutageTimeout)
{
    /// <summary>Said where a connection string is neither.</summary>
    public const string Forms = "postgres://user@host:5432/database, an Npgsql connection string (Host=…), or one of SQLite (Data Source=…)";

    private const string PostgresProvider = ProviderName.PostgreSQL15;

    /// <summary>True where the database is a server, which can be away.</summary>
    public bool IsServer => Provider == PostgresProvider;

    /// <summary>What to mend where it cannot be opened.</summary>
    public string Mend(Exception error) => !IsServer ? "Mend journal.path or what lies there"
        : error.Message.Contains("password", StringComparison.OrdinalIgnoreCase) ? "Give the password in PGPASSWORD or ~/.pgpass, or in journal.connection-string; a run's effective.conf does not hold it"
        : "Mend journal.connection-string or the server";

    /// <summary>For a person; without the password.</summary>
    public string Description => IsServer && new NpgsqlConnectionStringBuilder(ConnectionString) is var server
        ? $"the PostgreSQL server {server.Host}:{server.Port} (database {server.Database})"
        : $"the SQLite file {new SqliteConnectionStringBuilder(ConnectionString).DataSource}";

    public static JournalDatabase Of(JournalSettings journal, RunDirectory directory) => journal.ConnectionString.Length > 0
        ? Parse(journal.ConnectionString, journal.Synchronous, journal.OutageTimeout)
        : new JournalDatabase(
            ProviderName.SQLiteMS,
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory.Path, journal.Path) }.ToString(),
            journal.Synchronous,
            journal.OutageTimeout);

    public static bool IsUri(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">The text is no connection string of either kind.</exception>
    public static JournalDatabase Parse(string text, string synchronous, TimeSpan outageTimeout)
    {
        if (IsUri(text))
        {
            return new JournalDatabase(PostgresProvider, FromUri(text), synchronous, outageTimeout);
        }

        var words = new DbConnectionStringBuilder { ConnectionString = text };
        return words.ContainsKey("Host") || words.ContainsKey("Server")
            ? new JournalDatabase(PostgresProvider, new NpgsqlConnectionStringBuilder(text).ToString(), synchronous, outageTimeout)
            : new JournalDatabase(ProviderName.SQLiteMS, new SqliteConnectionStringBuilder(text).ToString(), synchronous, outageTimeout);
    }

    /// <summary>A connection of its own for looking at the journal; a file cannot be written through it.</summary>
    public DbConnection OpenToRead()
    {
        DbConnection connection = IsServer
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString())
            : new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>
    /// SQLite writes a log ahead: a commit is one append, and readers do not wait for the writer. <c>synchronous</c> is the
    /// configuration's: full survives power loss, normal survives the death of the process.
    /// </summary>
    public DataOptions Options
    {
        get
        {
            DataOptions options = new DataOptions().UseConnectionString(Provider, ConnectionString);
            return IsServer ? options : options.UseAfterConnectionOpened(opened =>
            {
                using DbCommand command = opened.CreateCommand();
#pragma warning disable CA2100 // The value is one of the two words that configuration allows.
                command.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {Synchronous}; PRAGMA busy_timeout = 5000;";
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            });
        }
    }

    /// <summary>
    /// The plugins, which ride out an outage. Their circuit breakers and Akka's own deadlines stand behind that deadline, so that
    /// they do not give up before.
    /// </summary>
    public string Hocon
    {
        get
        {
            string database = $"auto-initialize = off, connection-string = {HoconWriter.Scalar(ConnectionString)}, provider-name = \"{Provider}\"";
            string patience = $"outage-timeout = {Milliseconds(OutageTimeout)}, circuit-breaker {{ max-failures = 1000, call-timeout = {Milliseconds(2 * OutageTimeout)} }}";
            return $$"""
                akka.persistence.journal.plugin = "akka.persistence.journal.sql"
                akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
                akka.persistence.journal.sql {
                  class = "{{typeof(PatientJournal).FullName}}, ICPO.Actors"
                  recovery-event-timeout = {{Milliseconds(2 * OutageTimeout)}}
                  {{database}}, {{patience}}
                }
                akka.persistence.snapshot-store.sql {
                  class = "{{typeof(PatientSnapshots).FullName}}, ICPO.Actors"
                  {{database}}, {{patience}}
                }
                akka.persistence.query.journal.sql { {{database.Replace("auto-initialize = off, ", "")}} }
                """;
        }
    }

    /// <summary>Opens it once and makes the tables where there are none: a server that is away is waited for, whatever else is wrong is told at once.</summary>
    /// <param name="say">Hears when an outage begins (true) and ends.</param>
    /// <param name="time">The clock of the outage's deadline.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It cannot be opened; says what to mend.</exception>
    public async Task ReachAsync(Action<string, bool> say, TimeProvider time, CancellationToken cancellationToken = default)
    {
        try
        {
            await new Outage(Description, OutageTimeout, say, time).RideOutAsync(
                async _ =>
                {
                    await ProbeAsync(cancellationToken).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (DbException error)
        {
            throw new IOException(
                $"The journal cannot be opened on {Description}: {error.Message.TrimEnd('.')}. {Mend(error)}.", error);
        }
    }

    /// <summary>
    /// Opens a connection, to see whether the database is there, and makes the tables (<c>deploy/sql</c>) where it lacks one. The plugin
    /// would do that where nothing waits for a server that is away, and fails where the role may not make tables that are there.
    /// </summary>
    /// <exception cref="DbException">It is not, or it does not let us in.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        await using DbConnection connection = IsServer ? new NpgsqlConnection(ConnectionString) : new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = IsServer
            ? "SELECT COUNT(to_regclass(name)) FROM unnest(ARRAY['journal', 'tags', 'snapshot']) AS name"
            : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('journal', 'tags', 'snapshot')";
        if (Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), null) < 3)
        {
            // Runs that begin together on an empty server take turns.
            await using DbTransaction making = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            command.Transaction = making;
#pragma warning disable CA2100 // A file of the product's own.
            command.CommandText = (IsServer ? "SELECT pg_advisory_xact_lock(7463910);\n" : "") + Script(IsServer ? "postgres" : "sqlite");
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await making.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Script(string name)
    {
        using Stream stream = typeof(JournalDatabase).Assembly.GetManifestResourceStream($"sql/{name}.sql")
            ?? throw new InvalidOperationException($"The resource sql/{name}.sql is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds} ms";

    private static string FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.AbsolutePath.Length < 2)
        {
            throw new ArgumentException("it lacks a host or a database");
        }

        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]) };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        string[] user = uri.UserInfo.Split(':', 2);
        builder.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        builder.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        foreach (string option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = option.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }

        return builder.ToString();
    }
}
