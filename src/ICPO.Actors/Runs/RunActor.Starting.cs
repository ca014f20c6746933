using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Runs;

/// <summary>
/// How a run starts: the journal's database is reached, the buffer recovers, then the others are begun in the order in which they depend on
/// each other.
/// </summary>
public sealed partial class RunActor
{
    private async Task<Reached> ReachAsync()
    {
        (ILoggingAdapter log, EventStream events) = (_log, Context.System.EventStream);
        await JournalTables.ReachAsync(_plan.Database, Say, _plan.Time, _ended.Token).ConfigureAwait(false);
        return new Reached();

        void Say(string message, bool away)
        {
            log.Warning("{0}", message);
            events.Publish(new JournalAway(away, message));
        }
    }

    private void Recovered(BufferRecovered state)
    {
        if (_plan.IsNew && state.Epoch.Value > 1)
        {
            throw new IOException(
                $"The journal on {_plan.Database.Description} holds a run {_plan.Settings.RunId} already; go on with that one with --resume, or leave run.id empty."
            );
        }

        _state = state;
        _metrics = _parts.StartMetrics(Context, _clock, state);
        string? kept = state.Kept.IsEmpty
            ? null
            : $" with {state.Kept.Sum(group => group.Rollouts.Length)} rollouts of {state.Kept.Length} open groups";
        Enter(
            RunPhase.Starting,
            state.Committed.Value > 0 || kept is not null ? $"going on after update {state.Committed.Value}{kept}" : null
        );
        foreach (string note in (IEnumerable<string>)[.. _plan.Notes, .. new[] { _plan.Lock?.Note, state.Note }.OfType<string>()])
        {
            _log.Warning("{0}", note);
            Context.System.EventStream.Publish(new RunNote(note));
        }

        _parts.StartWorkers(Context);
        _parts.Learner.Tell(state);
        Deadline("The learner was not ready", RunParts.RecoveryTimeout);
        if (_stopping)
        {
            StopLearner();
        }
    }
}
