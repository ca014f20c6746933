using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Journaling;

/// <summary>
/// The SQL snapshot store, which waits for a database that does not respond when it reads. A snapshot that cannot be written is replaced by
/// the next one.
/// </summary>
public sealed class RetryingSqlSnapshotStore : SqlSnapshotStore
{
    private readonly OutageRetry _retry;
    private readonly CancellationTokenSource _stopped = new();

    public RetryingSqlSnapshotStore(Config config)
        : base(config) => _retry = JournalOutages.Create(config, Context);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        base.PostStop();
    }

    protected override async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId,
        SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken
    ) => await _retry.RunAsync(_ => base.LoadAsync(persistenceId, criteria, cancellationToken), _stopped.Token).ConfigureAwait(false);
}

/// <summary>The retry of both plugins.</summary>
internal static class JournalOutages
{
    /// <summary>A retry that reports outages to the log and to the run.</summary>
    public static OutageRetry Create(Config plugin, IActorContext context)
    {
        (ILoggingAdapter log, RunEventBus events) = (context.GetLogger(), JournalEvents.Of(context.System, plugin.GetString("run")));
        var connection = JournalConnection.Parse(plugin.GetString("connection-string"));
        JournalDatabase database = new(connection.IsServer, connection.ConnectionString, "normal", plugin.GetTimeSpan("outage-timeout"));
        return new OutageRetry(
            database.Description,
            database.OutageTimeout,
            (message, away) =>
            {
                log.Warning("{0}", message);
                events.Publish(new RunNote(message));
                events.Publish(new JournalAway(away, message));
            },
            TimeProvider.System
        );
    }
}
