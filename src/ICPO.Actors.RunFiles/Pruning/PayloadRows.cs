using System.Collections.Immutable;
using System.Data.Common;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using Npgsql;

namespace ICPO.Actors.RunFiles.Pruning;

/// <summary>The payloads of a run on its journal's server. Those of a run whose core was active in the last minute are kept.</summary>
internal static class PayloadRows
{
    private const string Rows = """
        FROM payload WHERE run_id = $1
            AND NOT EXISTS (SELECT FROM run_owner WHERE run_id = $1 AND seen > now() - interval '1 minute')
        """;

    /// <summary>All of them as a single item; none if there are no rows.</summary>
    /// <exception cref="IOException">The server cannot be read; names it.</exception>
    public static ImmutableArray<PrunedItem> Find(RunDirectory directory, RunSettings settings)
    {
        if (!settings.Journal.PayloadsInDatabase)
        {
            return [];
        }

        string place = $"payloads of run {settings.RunId} on {JournalDatabase.Create(settings.Journal, directory).Description}";
        long bytes = (long)Execute(directory, settings, $"SELECT coalesce(sum(octet_length(data)), 0)::bigint {Rows}")!;
        return bytes > 0 ? [new PrunedItem(place, bytes, PruneReason.Payload) { IsInDatabase = true }] : [];
    }

    /// <exception cref="IOException">The server cannot be read; names it.</exception>
    public static void Delete(RunDirectory directory, RunSettings settings) => Execute(directory, settings, $"DELETE {Rows}");

    private static object? Execute(RunDirectory directory, RunSettings settings, string sql)
    {
        var database = JournalDatabase.Create(settings.Journal, directory);
        try
        {
            using DbConnection connection = database.OpenToRead();
#pragma warning disable CA2100 // The statements are the constants above.
            using var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection);
#pragma warning restore CA2100
            command.Parameters.Add(new() { Value = settings.RunId });
            return command.ExecuteScalar();
        }
        catch (DbException error)
        {
            throw new IOException(
                $"The payloads on {database.Description} cannot be deleted: {error.Message.TrimEnd('.')}. {database.Fix(error)}.",
                error
            );
        }
    }
}
