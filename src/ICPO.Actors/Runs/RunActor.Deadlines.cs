namespace ICPO.Actors.Runs;

/// <summary>The deadlines of the run's waits.</summary>
public sealed partial class RunActor
{
    private void SetDeadline(RunWait wait)
    {
        (string what, TimeSpan timeout) = wait switch
        {
            RunWait.JournalRead => ("The journal was not read", RunParts.StartTimeout + (2 * _run.Settings.Journal.OutageTimeout)),
            RunWait.ModelsLoaded => ("The models were not loaded", RunParts.RecoveryTimeout),
            RunWait.LearnerReady => ("The learner was not ready", RunParts.RecoveryTimeout),
            RunWait.LearnerStopped => ("The learner did not stop", _run.Settings.Shutdown.StopTimeout),
            RunWait.Evaluation => ("The evaluation did not end", _run.Settings.Evaluation.Timeout),
            RunWait.OpenRollouts => ("Open rollouts did not end", _run.Settings.Shutdown.StopTimeout),
            _ => ("The metrics did not respond", _run.Settings.Shutdown.StopTimeout),
        };
        if (_progression.StopRequested)
        {
            timeout = TimeSpan.FromTicks(Math.Min(timeout.Ticks, _run.Settings.Shutdown.StopTimeout.Ticks));
        }

        Timers.StartSingleTimer(DeadlineTimer, new Overdue($"{what} within {timeout.TotalSeconds:0.#} s"), timeout);
    }
}
