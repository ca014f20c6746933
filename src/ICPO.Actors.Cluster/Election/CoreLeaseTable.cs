using System.Data.Common;
using System.Net.Sockets;
using ICPO.Actors.RunFiles.Journal;
using Npgsql;

namespace ICPO.Actors.Cluster.Election;

/// <summary>
/// The lease of a run's core: a row in the database of its journal, valid for a time that the server's clock measures. It ensures that a
/// run has a single core after a short time; writes of an earlier core are rejected by the epochs of the journal alone. Not thread-safe.
/// </summary>
/// <param name="connectionString">The connection string of the PostgreSQL server of the run's journal.</param>
/// <param name="run">The run's id.</param>
internal sealed class CoreLeaseTable(string connectionString, string run)
{
    /// <summary>A server that does not respond within this time counts as unavailable.</summary>
    private const int AnswerSeconds = 2;

    /// <summary>As in deploy/sql/postgres.sql, for a database whose other tables were created earlier.</summary>
    private const string Schema = """
        SELECT pg_advisory_xact_lock(7463911);
        CREATE TABLE IF NOT EXISTS core_lease (
            run_id TEXT PRIMARY KEY,
            token TEXT NOT NULL,
            node TEXT NOT NULL,
            seed TEXT NOT NULL,
            files TEXT NOT NULL,
            oldest_kept BIGINT NOT NULL,
            state TEXT NOT NULL,
            valid_until TIMESTAMPTZ NOT NULL
        )
        """;

    private const string Valid = "clock_timestamp() + make_interval(secs => @seconds)";

    private readonly string _connection = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Timeout = AnswerSeconds,
        CommandTimeout = AnswerSeconds,
        ApplicationName = "icpo core lease",
    }.ToString();

    /// <summary>Creates the table if it is missing, and reads the lease of a run; null if no process has ever held it.</summary>
    /// <exception cref="IOException">The server does not respond, or rejects the request.</exception>
    public static LeaseRow? ReadAtStart(JournalDatabase database, string run)
    {
        var table = new CoreLeaseTable(database.ConnectionString, run);
        try
        {
            table.Create();
            return table.Read();
        }
        catch (Exception error) when (error is DbException or SocketException or TimeoutException)
        {
            throw new IOException(
                $"The lease of run {run} cannot be read from {database.Description}: {error.Message.TrimEnd('.')}. {database.Fix(error)}.",
                error
            );
        }
    }

    /// <summary>Creates the table if it is missing.</summary>
    /// <exception cref="DbException">The server does not respond, or rejects the request.</exception>
    public void Create()
    {
        using NpgsqlConnection connection = Open();
        using var present = new NpgsqlCommand("SELECT to_regclass('core_lease') IS NOT NULL", connection);
        if (present.ExecuteScalar() is true)
        {
            return;
        }

        using NpgsqlTransaction transaction = connection.BeginTransaction();
        using var create = new NpgsqlCommand(Schema, connection, transaction);
        create.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <exception cref="DbException">The server does not respond, or rejects the request.</exception>
    public LeaseRow? Read()
    {
        using NpgsqlConnection connection = Open();
        using var read = new NpgsqlCommand(
            "SELECT token, node, seed, files, oldest_kept, state, valid_until > clock_timestamp() FROM core_lease WHERE run_id = @run",
            connection
        );
        read.Parameters.AddWithValue("run", run);
        using NpgsqlDataReader row = read.ExecuteReader();
        return row.Read()
            ? new LeaseRow(
                new LeaseHolder(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)),
                Enum.Parse<LeaseState>(row.GetString(5)),
                row.GetBoolean(6)
            )
            : null;
    }

    /// <summary>Acquires the lease if no process holds it; of several concurrent attempts, one succeeds.</summary>
    /// <exception cref="DbException">The server does not respond, or rejects the request.</exception>
    public bool TryTake(LeaseHolder holder, TimeSpan leaseTime) =>
        Change(
            $"""
            INSERT INTO core_lease AS held (run_id, token, node, seed, files, oldest_kept, state, valid_until)
            VALUES (@run, @token, @node, @seed, @files, @oldest, 'Running', {Valid})
            ON CONFLICT (run_id) DO UPDATE SET token = excluded.token, node = excluded.node, seed = excluded.seed,
                files = excluded.files, state = 'Running', valid_until = {Valid}
            WHERE held.valid_until <= clock_timestamp() OR held.token = excluded.token
            """,
            holder,
            leaseTime
        );

    /// <summary>
    /// Renews the lease, also after it has expired unless another process has acquired it; false if another process holds it.
    /// </summary>
    /// <exception cref="DbException">The server does not respond, or rejects the request.</exception>
    public bool Renew(LeaseHolder holder, TimeSpan leaseTime) =>
        Change(
            $"""
            UPDATE core_lease SET node = @node, seed = @seed, files = @files, oldest_kept = @oldest, valid_until = {Valid}
            WHERE run_id = @run AND token = @token
            """,
            holder,
            leaseTime
        );

    /// <summary>Releases the lease and records the state of the run; does nothing if another process holds it.</summary>
    /// <exception cref="DbException">The server does not respond, or rejects the request.</exception>
    public void End(string token, LeaseState state)
    {
        using NpgsqlConnection connection = Open();
        using var end = new NpgsqlCommand(
            "UPDATE core_lease SET state = @state, valid_until = clock_timestamp() WHERE run_id = @run AND token = @token",
            connection
        );
        end.Parameters.AddWithValue("run", run);
        end.Parameters.AddWithValue("token", token);
        end.Parameters.AddWithValue("state", state.ToString());
        end.ExecuteNonQuery();
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_connection);
        connection.Open();
        return connection;
    }

    private bool Change(string sql, LeaseHolder holder, TimeSpan leaseTime)
    {
        using NpgsqlConnection connection = Open();
#pragma warning disable CA2100 // The text is a constant.
        using var change = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        change.Parameters.AddWithValue("run", run);
        change.Parameters.AddWithValue("token", holder.Token);
        change.Parameters.AddWithValue("node", holder.Node);
        change.Parameters.AddWithValue("seed", holder.Seed);
        change.Parameters.AddWithValue("files", holder.Files);
        change.Parameters.AddWithValue("oldest", holder.OldestKept);
        change.Parameters.AddWithValue("seconds", leaseTime.TotalSeconds);
        return change.ExecuteNonQuery() == 1;
    }
}
