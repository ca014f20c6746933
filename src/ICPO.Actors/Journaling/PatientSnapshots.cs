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
/// The SQL snapshot store, which waits for a database that is away when it reads. A snapshot that is not written is made up for by the
/// next.
/// </summary>
public sealed class PatientSnapshots : SqlSnapshotStore
{
    private readonly Outage _outage;
    private readonly CancellationTokenSource _stopped = new();

    public PatientSnapshots(Config config)
        : base(config) => _outage = Outages.Of(config, Context);

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
    ) => await _outage.RideOutAsync(_ => base.LoadAsync(persistenceId, criteria, cancellationToken), _stopped.Token).ConfigureAwait(false);
}

/// <summary>What the plugins have in common.</summary>
internal static class Outages
{
    /// <summary>Tells the log and whoever listens.</summary>
    public static Outage Of(Config plugin, IActorContext context)
    {
        (ILoggingAdapter log, EventStream events) = (context.GetLogger(), context.System.EventStream);
        var connection = JournalConnection.Parse(plugin.GetString("connection-string"));
        JournalDatabase database = new(connection.IsServer, connection.ConnectionString, "normal", plugin.GetTimeSpan("outage-timeout"));
        return new Outage(
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
