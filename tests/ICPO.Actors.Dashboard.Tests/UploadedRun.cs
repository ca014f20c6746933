using System.Text.Json;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.RunFiles.Restoring;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;
using Npgsql;

namespace ICPO.Actors.Dashboard.Tests;

/// <summary>Stores a run directory on a server, as a run does whose journal is there.</summary>
internal static class UploadedRun
{
    /// <summary>Creates the tables and stores everything but the summary under a run id.</summary>
    public static async Task StoreAsync(PostgresServer server, string path, string runId)
    {
        await server.QueryAsync(await File.ReadAllTextAsync(Repository.In("deploy", "sql", "postgres.sql")));
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        var directory = new RunDirectory(path);
        var journal = RunJournal.Open(path);
        var payloads = new SegmentReader(directory.Payloads);
        foreach ((int index, IBufferEvent happened) in journal.Events.Index())
        {
            await ExecuteAsync(
                connection,
                "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest) "
                    + "VALUES (0, false, $1, $2, $3, $4)",
                $"trajectory-buffer-{runId}",
                index + 1L,
                WireFormat.Write(happened),
                WireFormat.Manifest(happened)
            );
            if (happened is GroupAdmittedEvent { Payload: var blob })
            {
                await ExecuteAsync(
                    connection,
                    "INSERT INTO payload (run_id, segment, start, data) VALUES ($1, $2, $3, $4)",
                    runId,
                    blob.Segment,
                    blob.Offset,
                    payloads.Read(blob)
                );
            }
        }

        foreach (RunLine line in RunLines.Read(directory))
        {
            await NoteAsync(connection, runId, line.Kind == RunLineKinds.Configuration ? WithId(line, runId) : line);
        }

        await NoteAsync(connection, runId, new RunLine(RunLineKinds.Nodes, 0, NodeRecords.Read(directory)!.ToJson()));
    }

    /// <summary>Stores a line.</summary>
    public static async Task NoteAsync(PostgresServer server, string runId, RunLine line)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await NoteAsync(connection, runId, line);
    }

    private static Task NoteAsync(NpgsqlConnection connection, string runId, RunLine line) =>
        ExecuteAsync(
            connection,
            "INSERT INTO run_note (run_id, kind, number, value) VALUES ($1, $2, $3, $4::json)",
            runId,
            line.Kind,
            line.Number,
            line.Json
        );

    private static RunLine WithId(RunLine configuration, string runId) =>
        configuration with
        {
            Json = JsonSerializer.Serialize($"{JsonSerializer.Deserialize<string>(configuration.Json)}\nicpo.run.id = {runId}\n"),
        };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, params object[] values)
    {
#pragma warning disable CA2100 // The statements are the constants above.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
