using System.Collections.Immutable;
using System.Data.Common;
using ICPO.Actors.RunFiles.Journal;
using Npgsql;

namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>Reads the table <c>run_note</c>.</summary>
internal static class RunNoteTable
{
    private const string Query = "SELECT kind, number, value::text FROM run_note WHERE run_id = $1 ORDER BY kind, number";

    /// <summary>All lines of a run; none for a run that is not on the server.</summary>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public static async Task<ImmutableArray<RunLine>> ReadAsync(string connectionString, string runId, CancellationToken cancellationToken)
    {
        var database = new JournalDatabase(true, connectionString, "normal", TimeSpan.Zero);
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString()
            );
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new() { Value = runId } } };
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            ImmutableArray<RunLine>.Builder lines = ImmutableArray.CreateBuilder<RunLine>();
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                lines.Add(new RunLine(rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
            }

            return lines.ToImmutable();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
        catch (DbException error)
        {
            throw new IOException(
                $"The run cannot be read from {database.Description}: {error.Message.TrimEnd('.')}. {database.Fix(error)}.",
                error
            );
        }
    }
}
