using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Notes;
using ICPO.Actors.Ownership;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Runs;

/// <summary>
/// The start of a run: it connects to the journal's database, the buffer recovers while the models are loaded, then the other parts start
/// in order.
/// </summary>
public sealed partial class RunActor
{
    private async Task<Reached> ReachAsync(IActorRef self, ILoggingAdapter log, CancellationToken cancellationToken)
    {
        JournalDatabase database = _run.Database;
        await JournalTables.ReachAsync(database, Report, _run.Time, cancellationToken).ConfigureAwait(false);
        if (!database.IsServer)
        {
            return new Reached(null, null);
        }

        (RunOwnership owner, RunNotes notes) = await _run.TakeAsync(Retry(Report), error => self.Tell(new Failed(error)), cancellationToken)
            .ConfigureAwait(false);
        return new Reached(owner, notes);

        void Report(string message, bool away)
        {
            log.Warning("{0}", message);
            _run.Events.Publish(new JournalAway(away, message));
        }
    }

    private OutageRetry Retry(Action<string, bool> report)
    {
        JournalDatabase database = _run.Database;
        return new OutageRetry(database.Description, database.OutageTimeout, report, _run.Time);
    }

    private void RenewRunLock()
    {
        if (_run.Lock?.Renew() is { } warning)
        {
            _log.Warning("{0}", warning);
        }
    }

    /// <summary>The metrics actor reports an outage of the journal; before it has started, the run does.</summary>
    private void ReportBeforeMetrics(string message)
    {
        if (_metrics.IsNobody())
        {
            _run.Progress.Publish(
                new RunProgress
                {
                    Phase = RunPhase.Starting,
                    Update = 0,
                    Updates = _run.Settings.Updates,
                    Elapsed = _clock.Elapsed,
                    Message = message,
                }
            );
        }
    }

    private void StartWorkers(BufferRecovered state)
    {
        if (_run.IsNew && state.Epoch.Value > 1)
        {
            throw new IOException(
                $"The journal on {_run.Database.Description} already contains a run {_run.Settings.RunId}; resume that run, or leave "
                    + "run.id empty."
            );
        }

        _metrics = _parts.StartMetrics(Context, _clock, state);
        string? kept = state.Kept.IsEmpty
            ? null
            : $" with {state.Kept.Sum(group => group.Rollouts.Length)} rollouts of {state.Kept.Length} open groups";
        Enter(
            RunPhase.Starting,
            state.Committed.Value > 0 || kept is not null ? $"going on after update {state.Committed.Value}{kept}" : null
        );
        foreach (string note in (IEnumerable<string>)[.. _run.Notes, .. new[] { _run.Lock?.Note, state.Note }.OfType<string>()])
        {
            _log.Warning("{0}", note);
            _run.Events.Publish(new RunNote(note));
        }

        if (_run.FirstPrompt is { } first)
        {
            _log.Info("{0}", first);
        }

        _parts.StartWorkers(Context, state);
        if (_models is not null)
        {
            Self.Tell(_models);
        }
    }
}
