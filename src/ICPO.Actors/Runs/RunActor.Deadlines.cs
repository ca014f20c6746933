namespace ICPO.Actors.Runs;

/// <summary>The deadlines of the run's waits.</summary>
public sealed partial class RunActor
{
    private void SetDeadline(string what, TimeSpan timeout) => Timers.StartSingleTimer(DeadlineTimer, new Overdue(what), timeout);

    private void SetDeadline(RunWait wait)
    {
        (string what, TimeSpan timeout) = wait switch
        {
            RunWait.ModelsLoaded => ("The models were not loaded", RunParts.RecoveryTimeout),
            RunWait.LearnerReady => ("The learner was not ready", RunParts.RecoveryTimeout),
            RunWait.LearnerStopped => ("The learner did not stop", _run.Settings.Shutdown.StopTimeout),
            RunWait.Evaluation => ("The evaluation did not end", _run.Settings.Evaluation.Timeout),
            RunWait.OpenRollouts => ("Open rollouts did not end", _run.Settings.Shutdown.StopTimeout),
            _ => ("The metrics did not respond", _run.Settings.Shutdown.StopTimeout),
        };
        SetDeadline(what, timeout);
    }
}
