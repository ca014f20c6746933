using Akka.Event;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Runs;

/// <summary>What follows on a report that the run does not learn.</summary>
public sealed partial class RunActor
{
    private HealthFinding? _stoppedBy;

    private void ReceiveHealth() =>
        Receive<HealthReported>(reported =>
        {
            HealthFinding finding = reported.Finding;
            _log.Warning("Health: {0}", finding);
            RunEventLog.Append(_run.Directory, new EventLine(_run.Time.GetUtcNow(), EventKinds.Health, finding.Until, finding.ToString()));
            if (_run.Settings.Health.Action == HealthAction.Stop && _stoppedBy is null && _progression.Finished is null)
            {
                _stoppedBy = finding;
                _log.Warning("The run stops because run.health = stop");
                Next(new RunEvent.StopRequested());
            }
        });
}
