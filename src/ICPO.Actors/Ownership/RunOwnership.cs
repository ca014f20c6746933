using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Codecs;
using Npgsql;

namespace ICPO.Actors.Ownership;

/// <summary>
/// This core's ownership of a run whose journal is on a PostgreSQL server. The row of the run in <c>run_owner</c> decides who may write: a
/// core that takes ownership increments its epoch, and every statement of an earlier epoch then affects nothing. No clock is involved.
/// </summary>
internal sealed class RunOwnership : IRunFence, IAsyncDisposable
{
    /// <summary>Time between two heartbeats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The server closes the connection of an unreachable machine within about ten seconds, which releases the locks of a partially
    /// received statement.
    /// </summary>
    private const string KeepAlive = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    /// <summary>The first events of a core.</summary>
    private static readonly string[] FirstEvents =
    [
        IcpoSerializer.Manifests[typeof(EpochStartedEvent)],
        IcpoSerializer.Manifests[typeof(RolloutDroppedEvent)],
    ];

    private readonly NpgsqlDataSource _source;

    private RunOwnership(JournalDatabase database, string runId, NpgsqlDataSource source, long epoch) =>
        (Database, RunId, _source, Epoch) = (database, runId, source, epoch);

    public JournalDatabase Database { get; }

    public string RunId { get; }

    public long Epoch { get; }

    /// <summary>Takes the ownership of the run from its current owner.</summary>
    /// <exception cref="IOException">The run is new, and the journal already contains one with its id.</exception>
    /// <exception cref="NpgsqlException">The server does not respond or rejects the request.</exception>
    public static async Task<RunOwnership> TakeAsync(JournalDatabase database, OwnerClaim claim, CancellationToken cancellationToken)
    {
        var place = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        place.Options = $"{KeepAlive} {place.Options}".TrimEnd();
        var source = NpgsqlDataSource.Create(place);
        try
        {
            string take = claim.IsNew ? OwnerSql.TakeNew : OwnerSql.Take;
            string journal = JournalDatabase.PersistenceId(claim.RunId);
            await using NpgsqlCommand command = Command(source, take, claim.RunId, claim.Node, claim.Token, journal);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long epoch
                ? new RunOwnership(database, claim.RunId, source, epoch)
                : throw new IOException(
                    $"The journal on {database.Description} already contains a run {claim.RunId}; resume that run, or leave run.id empty."
                );
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A connection that is not open.</summary>
    public NpgsqlConnection CreateConnection() => _source.CreateConnection();

    /// <summary>Records a heartbeat of this core; returns normally if it owns the run.</summary>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="NpgsqlException">The server does not respond.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(_source, OwnerSql.Beat, RunId, Epoch);
        if (await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 0)
        {
            throw await FencedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// As <see cref="CheckAsync"/>, but returns the error of a server that does not respond: operations that record something wait for it.
    /// Null if it responds.
    /// </summary>
    public async Task<Exception?> TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (OutageRetry.Caused(error))
        {
            return error;
        }
    }

    /// <summary>The reason why an event could not be written: that another core owns the run, otherwise the given one.</summary>
    /// <exception cref="NpgsqlException">The server does not respond.</exception>
    public async Task<Exception> OvertakenAsync(string message, Exception cause, CancellationToken cancellationToken)
    {
        RunFencedException fenced = await FencedAsync(cancellationToken).ConfigureAwait(false);
        return fenced.Epoch == Epoch ? new IOException(message, cause) : fenced;
    }

    /// <summary>Executes a statement that has an effect, and returns a row, only while this core owns the run.</summary>
    /// <param name="sql">Its first two parameters are the run and the epoch.</param>
    /// <param name="parameters">The other parameters.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="NpgsqlException">The server does not respond or rejects the request.</exception>
    public async Task ExecuteAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(_source, sql, [RunId, Epoch, .. parameters]);
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            throw await FencedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task DeleteEventsAsync(string persistenceId, long upTo, CancellationToken cancellationToken) =>
        ExecuteAsync(OwnerSql.DeleteEvents, [persistenceId, upTo, FirstEvents], cancellationToken);

    /// <summary>Names the core that owns the run now.</summary>
    /// <exception cref="NpgsqlException">The server does not respond.</exception>
    public async Task<RunFencedException> FencedAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(_source, OwnerSql.Owner, RunId);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        bool isOwned = await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
        string owner = isOwned
            ? $"has been run by {rows.GetString(1)} (epoch {rows.GetInt64(0)}) since {rows.GetDateTime(2):u}"
            : "no longer has a row in run_owner";
        return new RunFencedException(
            $"Run {RunId} {owner}; this core (epoch {Epoch}) ends. Nothing that it acknowledged is lost.",
            isOwned ? rows.GetInt64(0) : null
        );
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params object[] parameters)
    {
        NpgsqlCommand command = source.CreateCommand(sql);
        foreach (object value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
