using System.Collections.Immutable;
using System.Data.Common;
using ICPO.Actors.RunFiles.Journal;
using Npgsql;

namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>Reads what a journal's server stores about runs besides their events. Nothing is written.</summary>
/// <param name="connectionString">Of a PostgreSQL server, in ADO.NET form.</param>
internal sealed class ServerRuns(string connectionString)
{
    private const string Runs = "SELECT DISTINCT run_id FROM run_note WHERE kind = 'configuration' ORDER BY run_id";

    /// <summary>$1 run, $2 kinds, $3 the last known number of each; other kinds have one line, which is replaced.</summary>
    private const string Lines = """
        SELECT kind, number, value::text FROM run_note AS note LEFT JOIN unnest($2, $3) AS known (name, newest) ON name = kind
        WHERE run_id = $1 AND (newest IS NULL OR number > newest) ORDER BY number, kind
        """;

    /// <summary>$1 run. Ages are by the server's clock.</summary>
    private const string Owner = "SELECT node, extract(epoch FROM now() - seen)::float8 FROM run_owner WHERE run_id = $1";

    private readonly JournalDatabase _database = new(true, connectionString, "normal", TimeSpan.Zero);

    /// <summary>The server in messages, without the password.</summary>
    public string Description => _database.Description;

    /// <summary>The ids of the runs on the server.</summary>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public ImmutableArray<string> Ids() => Query(Runs, [], row => row.GetString(0));

    /// <summary>The lines of a run that are newer than the known ones, and those that are replaced; by number.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="known">The last number of each kind whose lines are only added.</param>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public ImmutableArray<RunLine> Read(string runId, IReadOnlyDictionary<string, long> known) =>
        Query(Lines, [runId, known.Keys.ToArray(), known.Values.ToArray()], row => new RunLine(
            row.GetString(0),
            row.GetInt64(1),
            row.GetString(2)
        ));

    /// <summary>The core that owns a run, and the time since its last heartbeat; null before the first.</summary>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public (string Node, TimeSpan Age)? OwnerOf(string runId) =>
        Query(Owner, [runId], row => (row.GetString(0), TimeSpan.FromSeconds(row.GetDouble(1)))) is [var owner] ? owner : null;

    /// <summary>No rows where the table does not exist: no run has used the server.</summary>
    private ImmutableArray<T> Query<T>(string query, object[] parameters, Func<DbDataReader, T> read)
    {
        try
        {
            using DbConnection connection = _database.OpenToRead();
#pragma warning disable CA2100 // The queries are the constants above.
            using var command = new NpgsqlCommand(query, (NpgsqlConnection)connection);
#pragma warning restore CA2100
            foreach (object value in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            using NpgsqlDataReader rows = command.ExecuteReader();
            ImmutableArray<T>.Builder found = ImmutableArray.CreateBuilder<T>();
            while (rows.Read())
            {
                found.Add(read(rows));
            }

            return found.ToImmutable();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
        catch (DbException error)
        {
            throw new IOException(
                $"Runs cannot be read from {_database.Description}: {error.Message.TrimEnd('.')}. {_database.Fix(error)}.",
                error
            );
        }
    }
}
