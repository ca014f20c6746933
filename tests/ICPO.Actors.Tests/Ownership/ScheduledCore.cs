using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.Payloads;
using ICPO.Actors.RunFiles.Journal;
using Npgsql;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>
/// What a core writes to its server, step by step: payloads and ownership by the product's own statements, events as rows with the
/// journal's key.
/// </summary>
internal sealed class ScheduledCore(JournalDatabase database, string runId, string node) : IAsyncDisposable
{
    private const int MaxRecoveries = 3;
    private RunOwnership? _owner;
    private DatabasePayloads? _payloads;
    private BlobRef _last;
    private ImmutableArray<BlobRef> _stored = [];
    private long _next;

    /// <summary>Events that were written.</summary>
    public List<string> Acknowledged { get; } = [];

    public bool IsFenced { get; private set; }

    public bool HasEpoch { get; private set; }

    public bool HasTaken => _owner is not null;

    public string Node => node;

    public async Task TakeAsync()
    {
        _owner = await RunOwnership.TakeAsync(database, new OwnerClaim(runId, node, IsNew: false), default);
        _payloads = new DatabasePayloads(_owner, new OutageRetry("server", TimeSpan.FromMinutes(1), (_, _) => { }, TimeProvider.System));
    }

    public async Task ReplayAsync() => _next = (await EventsAsync(_owner!, runId)).Length + 1;

    /// <summary>Starts the epoch, and reads the journal again where another core wrote meanwhile.</summary>
    public async Task StartEpochAsync()
    {
        for (int recoveries = 0; !HasEpoch; recoveries++)
        {
            Assert.True(recoveries <= MaxRecoveries);
            HasEpoch = await WriteAsync($"epoch of {node}");
            if (!HasEpoch)
            {
                await ReplayAsync();
            }
        }
    }

    public Task AppendAsync() =>
        FencedAsync(async () =>
        {
            _last = _payloads!.Append(Encoding.UTF8.GetBytes($"{node} {_stored.Length}"));
            await _payloads.FlushAsync(durable: false, default);
            _stored = _stored.Add(_last);
        });

    public Task AdmitAsync() => EventAsync(() => $"admit {_last.Segment} {_last.Offset} {_last.Length} {_last.Checksum}");

    /// <summary>The first payload is not needed any more.</summary>
    public Task ConsumeAsync() => EventAsync(() => $"consume {_stored[0].Segment} {_stored[0].Offset}");

    /// <summary>Deletes the first payload.</summary>
    public Task PruneAsync() =>
        FencedAsync(async () =>
        {
            await _owner!.CheckAsync(default);
            await _payloads!.DeleteBeforeAsync(_stored.Length > 1 ? _stored[1] : null, default);
        });

    /// <summary>The payload of an "admit" event.</summary>
    public string Read(string admitted)
    {
        string[] words = admitted.Split(' ');
        var blob = new BlobRef(
            int.Parse(words[1], CultureInfo.InvariantCulture),
            long.Parse(words[2], CultureInfo.InvariantCulture),
            int.Parse(words[3], CultureInfo.InvariantCulture),
            uint.Parse(words[4], CultureInfo.InvariantCulture)
        );
        return Encoding.UTF8.GetString(_payloads!.Read(blob));
    }

    public Task<string[]> EventsAsync() => EventsAsync(_owner!, runId);

    public async ValueTask DisposeAsync()
    {
        _payloads?.Dispose();
        await (_owner?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>The events in order; their numbers are 1, 2, ….</summary>
    private static async Task<string[]> EventsAsync(RunOwnership owner, string runId)
    {
        await using NpgsqlConnection connection = owner.CreateConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT sequence_number, message FROM journal WHERE persistence_id = $1 ORDER BY sequence_number",
            connection
        )
        {
            Parameters = { new() { Value = JournalDatabase.PersistenceId(runId) } },
        };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        List<string> events = [];
        while (await rows.ReadAsync())
        {
            Assert.Equal(events.Count + 1, rows.GetInt64(0));
            events.Add(Encoding.UTF8.GetString((byte[])rows.GetValue(1)));
        }

        return [.. events];
    }

    private async Task EventAsync(Func<string> happened)
    {
        if (!IsFenced && !await WriteAsync(happened()))
        {
            IsFenced = true;
            Assert.NotEqual(_owner!.Epoch, (await _owner.FencedAsync(default)).Epoch);
        }
    }

    private async Task FencedAsync(Func<Task> step)
    {
        try
        {
            await (IsFenced ? Task.CompletedTask : step());
        }
        catch (RunFencedException)
        {
            IsFenced = true;
        }
    }

    private async Task<bool> WriteAsync(string happened)
    {
        await using NpgsqlConnection connection = _owner!.CreateConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, false, $1, $2, $3)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = JournalDatabase.PersistenceId(runId) },
                new() { Value = _next },
                new() { Value = Encoding.UTF8.GetBytes(happened) },
            },
        };
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException error) when (OutageRetry.IsDuplicate(error))
        {
            return false;
        }

        _next++;
        Acknowledged.Add(happened);
        return true;
    }
}
