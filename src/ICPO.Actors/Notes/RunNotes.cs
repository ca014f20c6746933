using System.Threading.Channels;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Restoring;
using Npgsql;

namespace ICPO.Actors.Notes;

/// <summary>
/// Stores the records of a run's directory on its journal's server, too, so that the directory can be restored elsewhere
/// (<see cref="RunRestore"/>). Lines are sent in the background, in order; sending a line again replaces it.
/// </summary>
internal sealed class RunNotes : IAsyncDisposable
{
    private const int MaxStatement = 500;
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(2);

    private readonly RunOwnership _owner;
    private readonly OutageRetry _quiet;
    private readonly Channel<RunLine> _lines = Channel.CreateUnbounded<RunLine>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private Task _sending = Task.CompletedTask;
    private long _lastEvent;

    private RunNotes(RunOwnership owner, OutageRetry retry) => (_owner, _quiet) = (owner, retry.Quiet());

    /// <summary>Stores lines of the directory that are missing on the server, then new ones.</summary>
    /// <param name="owner">The ownership of the run.</param>
    /// <param name="directory">The run's directory.</param>
    /// <param name="retry">Waits for a server that does not respond.</param>
    /// <param name="failed">Called once if lines can no longer be stored.</param>
    /// <param name="cancellationToken">Cancels the first part.</param>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="NpgsqlException">The server rejects the request.</exception>
    public static async Task<RunNotes> OpenAsync(
        RunOwnership owner,
        RunDirectory directory,
        OutageRetry retry,
        Action<Exception> failed,
        CancellationToken cancellationToken
    )
    {
        var notes = new RunNotes(owner, retry);
        Dictionary<string, long> stored = await retry
            .RunAsync(_ => notes.StoredAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        List<RunLine> missing = [];
        foreach (RunLine line in RunLines.Read(directory))
        {
            notes._lastEvent = line.Kind == RunLineKinds.Event ? line.Number : notes._lastEvent;
            if (line.Number == 0 || line.Number > stored.GetValueOrDefault(line.Kind, -1))
            {
                missing.Add(line);
            }
        }

        foreach (RunLine[] lines in missing.Chunk(MaxStatement))
        {
            await notes.SendAsync(lines, retry, cancellationToken).ConfigureAwait(false);
        }

        notes._sending = notes.SendAllAsync(failed);
        return notes;
    }

    /// <summary>Adds a line. Thread-safe.</summary>
    public void Add(RunLine line) => _lines.Writer.TryWrite(line);

    /// <summary>Adds an event. Called by one thread at a time.</summary>
    public void Add(EventLine happened)
    {
        RunLine line = RunLines.Of(happened, _lastEvent);
        _lastEvent = line.Number;
        Add(line);
    }

    /// <summary>Sends the remaining lines, if the server responds in time.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        _ended.CancelAfter(LastLines);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task SendAllAsync(Action<Exception> failed)
    {
        try
        {
            while (await _lines.Reader.WaitToReadAsync(_ended.Token).ConfigureAwait(false))
            {
                // Of two lines with the same key the later one is used; a statement must not contain a row twice.
                Dictionary<(string, long), RunLine> lines = [];
                while (lines.Count < MaxStatement && _lines.Reader.TryRead(out RunLine? line))
                {
                    lines[(line.Kind, line.Number)] = line;
                }

                await SendAsync([.. lines.Values], _quiet, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is NpgsqlException or IOException)
        {
            failed(error);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The run has ended and its server does not respond: the directory has the lines, and the next start sends them.
        }
    }

    private Task<int> SendAsync(RunLine[] lines, OutageRetry retry, CancellationToken cancellationToken)
    {
        object[] columns =
        [
            lines.Select(line => line.Kind).ToArray(),
            lines.Select(line => line.Number).ToArray(),
            lines.Select(line => line.Json).ToArray(),
        ];
        return retry.RunAsync(
            async _ =>
            {
                await _owner.ExecuteAsync(OwnerSql.Note, columns, cancellationToken).ConfigureAwait(false);
                return 0;
            },
            cancellationToken
        );
    }

    /// <summary>The last number of each kind.</summary>
    private async Task<Dictionary<string, long>> StoredAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = _owner.CreateConnection();
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = new(OwnerSql.LastNotes, connection) { Parameters = { new() { Value = _owner.RunId } } };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, long> last = [];
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            last[rows.GetString(0)] = rows.GetInt64(1);
        }

        return last;
    }
}
