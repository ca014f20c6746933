using System.Data.Common;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Segments;
using Npgsql;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>Reads a run's payloads from the table <c>payload</c> of its journal's server.</summary>
/// <param name="database">The journal's database.</param>
/// <param name="runId">The run's id.</param>
/// <param name="connect">Creates a connection that is not open.</param>
internal sealed class PayloadTable(JournalDatabase database, string runId, Func<NpgsqlConnection> connect) : IPayloadReader
{
    private const string Condition = "FROM payload WHERE run_id = $1 AND segment = $2 AND start = $3";

    /// <summary>The payloads of a run, which may be owned by another process: in the table, or in files of its directory.</summary>
    public static IPayloadReader Open(RunDirectory directory, RunSettings settings)
    {
        if (!settings.Journal.PayloadsInDatabase)
        {
            return new SegmentReader(directory.Payloads);
        }

        var database = JournalDatabase.Create(settings.Journal, directory);
        return new PayloadTable(database, settings.RunId, () => new NpgsqlConnection(database.ConnectionString));
    }

    public byte[] Read(BlobRef blob) =>
        StoredBlob.Check(blob, Query($"SELECT data {Condition}", blob) as byte[], $"Run {runId} on {database.Description}");

    public bool Holds(BlobRef blob) => Query($"SELECT 1 {Condition}", blob) is not null;

    private object? Query(string query, BlobRef blob)
    {
        try
        {
            return Once(query, blob);
        }
        catch (NpgsqlException error) when (error.IsTransient)
        {
            // A pooled connection may have been opened before a restart of the server.
            return Again(query, blob);
        }
        catch (DbException error)
        {
            throw Unreadable(error);
        }
    }

    private object? Again(string query, BlobRef blob)
    {
        try
        {
            return Once(query, blob);
        }
        catch (DbException error)
        {
            throw Unreadable(error);
        }
    }

    private object? Once(string query, BlobRef blob)
    {
        using NpgsqlConnection connection = connect();
        connection.Open();
#pragma warning disable CA2100 // The queries are the constants above.
        using var command = new NpgsqlCommand(query, connection)
#pragma warning restore CA2100
        {
            Parameters =
            {
                new() { Value = runId },
                new() { Value = blob.Segment },
                new() { Value = blob.Offset },
            },
        };
        return command.ExecuteScalar();
    }

    private IOException Unreadable(DbException error) =>
        new($"The payloads on {database.Description} cannot be read: {error.Message.TrimEnd('.')}. {database.Fix(error)}.", error);
}
