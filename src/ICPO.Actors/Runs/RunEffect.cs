using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Progress;

namespace ICPO.Actors.Runs;

/// <summary>The waits of a run that have a deadline.</summary>
internal enum RunWait
{
    JournalRead,
    ModelsLoaded,
    LearnerReady,
    LearnerStopped,
    Evaluation,
    OpenRollouts,
    Metrics,
}

/// <summary>Which of the two evaluations a run is judged by.</summary>
internal enum RunMeasurement
{
    BeforeTraining,
    AfterTraining,
}

/// <summary>The next action of the run's actor; see <see cref="RunProgression"/>.</summary>
internal abstract record RunEffect
{
    private RunEffect() { }

    public sealed record StartBuffer : RunEffect;

    /// <summary>Starts the parts that need no model, and starts loading models.</summary>
    public sealed record StartWorkers : RunEffect;

    /// <summary>Starts learner and evaluator, and lets the learner recover.</summary>
    public sealed record StartLearner : RunEffect;

    public sealed record EnterPhase(RunPhase Phase, string? Message = null) : RunEffect;

    /// <summary>
    /// The run fails, or ends as it is if it was told to stop, unless the awaited event happens in time; replaces the previous deadline.
    /// </summary>
    public sealed record SetDeadline(RunWait Wait) : RunEffect;

    public sealed record ClearDeadline : RunEffect;

    /// <summary>Evaluates the newest weights on the final questions.</summary>
    public sealed record Measure(RunMeasurement Measurement) : RunEffect;

    /// <summary>Keeps the evaluation that has just ended as one of the two in the summary.</summary>
    public sealed record KeepMeasurement(RunMeasurement Measurement) : RunEffect;

    /// <summary>Evaluates on the questions of evaluations during training; nothing waits for it.</summary>
    public sealed record EvaluateBetween(PolicyVersion Version) : RunEffect;

    public sealed record OpenDispatcher : RunEffect;

    public sealed record CloseDispatcher : RunEffect;

    /// <summary>Starts training; a learner that was stopped writes its checkpoint and finishes.</summary>
    public sealed record Train : RunEffect;

    public sealed record StopLearner : RunEffect;

    public sealed record Drain : RunEffect;

    public sealed record RequestAccount : RunEffect;

    /// <summary>Writes the summary; <see cref="RunEvent.SummaryWritten"/> follows, or a failure.</summary>
    public sealed record WriteSummary(bool ReachedLastUpdate) : RunEffect;

    /// <summary>Ends the parts of the run, then reports the summary to its owner.</summary>
    public sealed record Complete(bool ReachedLastUpdate) : RunEffect;

    /// <summary>Ends the parts of the run, then reports the failure to its owner.</summary>
    public sealed record Fail(Exception Cause) : RunEffect;

    /// <summary>As <see cref="Fail"/>, because something did not happen in time.</summary>
    public sealed record FailOverdue(string What) : RunEffect;

    /// <summary>
    /// Ends a run that was told to stop as it is, with what is committed: a stop is what its owner asked for, so it is no failure.
    /// </summary>
    /// <param name="Overdue">What was waited for too long; null where the journal does not answer, so that nothing can be recorded.</param>
    public sealed record StopAsItIs(string? Overdue) : RunEffect;
}
