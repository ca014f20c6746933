using Akka.Event;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Runs;

/// <summary>The handling of reports that the run does not learn, or that a worker has failed.</summary>
public sealed partial class RunActor
{
    private HealthFinding? _stoppedBy;

    private void ReceiveHealth()
    {
        Receive<WorkerFault>(fault =>
        {
            string text = $"{fault.Worker} has failed and is restarted in {fault.Pause.TotalSeconds:0.#} s: {fault.Reason}";
            _log.Warning("{0}", text);
            _run.Events.Publish(new RunNote(text));
            long update = _newest?.Version.Value ?? _state?.Committed.Value ?? 0;
            Record(new EventLine(_run.Time.GetUtcNow(), EventKinds.WorkerFault, update, text));
        });
        Receive<HealthReported>(reported =>
        {
            HealthFinding finding = reported.Finding;
            _log.Warning("Health: {0}", finding);
            Record(new EventLine(_run.Time.GetUtcNow(), EventKinds.Health, finding.Until, finding.ToString()));
            if (_run.Settings.Health.Action == HealthAction.Stop && _stoppedBy is null && _progression.Finished is null)
            {
                _stoppedBy = finding;
                _log.Warning("The run stops because run.health = stop");
                Next(new RunEvent.StopRequested());
            }
        });
    }

    private void Record(EventLine happened)
    {
        RunEventLog.Append(_run.Directory, happened);
        _parts.Notes?.Add(happened);
    }
}
