using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Progress;

namespace ICPO.Actors.Runs;

/// <summary>The settings that decide which stages a run passes.</summary>
/// <param name="Updates">T: updates of the whole run.</param>
/// <param name="EvaluateEvery">Updates between evaluations during training; 0 for none.</param>
/// <param name="MeasureBefore">Measure the accuracy before training.</param>
/// <param name="MeasureAfter">Measure the accuracy after the last update.</param>
internal sealed record RunProgressionSettings(long Updates, int EvaluateEvery, bool MeasureBefore, bool MeasureAfter);

/// <summary>
/// The state machine of a run. Pure: <see cref="Next"/> returns the state after an event and the effects, which the actor executes.
/// </summary>
internal sealed record RunProgression(RunProgressionSettings Settings)
{
    public RunStage Stage { get; init; } = RunStage.ReadingJournal;

    /// <summary>True once the owner has requested a stop.</summary>
    public bool StopRequested { get; init; }

    /// <summary>True while the journal's database does not respond.</summary>
    public bool JournalAway { get; init; }

    /// <summary>The learner's last version; null while it may make updates.</summary>
    public PolicyVersion? Finished { get; init; }

    /// <summary>
    /// The state after an event and the effects of the event, in order. An event that does not fit the stage changes nothing.
    /// </summary>
    public (RunProgression Next, ImmutableArray<RunEffect> Effects) Next(RunEvent happened) =>
        (Stage, happened) switch
        {
            (RunStage.Ending, RunEvent.JournalAway journal) => (this with { JournalAway = journal.Away }, []),
            (RunStage.Ending, _) => (this, []),
            (_, RunEvent.Failed failed) => Enter(RunStage.Ending, new RunEffect.Fail(failed.Cause)),
            (_, RunEvent.Overdue overdue) => OnOverdue(overdue.What),
            (_, RunEvent.JournalAway journal) => OnJournal(journal.Away),
            (_, RunEvent.StopRequested) => OnStop(),
            (_, RunEvent.Advanced advanced) => (this, OnAdvanced(advanced.Version)),
            (RunStage.ReadingJournal, RunEvent.JournalReached) => (this, [new RunEffect.StartBuffer()]),
            (RunStage.ReadingJournal, RunEvent.Recovered) => OnRecovered(),
            (RunStage.LoadingModels, RunEvent.ModelsLoaded) => OnModelsLoaded(),
            (RunStage.RecoveringLearner, RunEvent.LearnerReady) => OnLearnerReady(),
            (RunStage.MeasuringBefore, RunEvent.Evaluated) => Train(new RunEffect.KeepMeasurement(RunMeasurement.BeforeTraining)),
            (RunStage.Training, RunEvent.LearnerFinished finished) => OnFinished(finished.Version),
            (RunStage.Draining, RunEvent.Drained) => OnDrained(),
            (RunStage.MeasuringBefore, RunEvent.EvaluationSkipped) => Train(),
            (RunStage.MeasuringAfter, RunEvent.Evaluated evaluated) when evaluated.Version == Finished => Account(
                new RunEffect.KeepMeasurement(RunMeasurement.AfterTraining)
            ),
            (RunStage.MeasuringAfter, RunEvent.EvaluationSkipped skipped) when skipped.Version == Finished => Account(),
            (RunStage.Accounting, RunEvent.Accounted) => Enter(RunStage.Summarizing, new RunEffect.WriteSummary(ReachedLastUpdate)),
            (RunStage.Summarizing, RunEvent.SummaryWritten) => Enter(RunStage.Ending, new RunEffect.Complete(ReachedLastUpdate)),
            _ => (this, []),
        };

    private static ImmutableArray<RunEffect> StopLearner =>
        [
            new RunEffect.EnterPhase(RunPhase.Stopping, "stopping after the update in progress"),
            new RunEffect.SetDeadline(RunWait.LearnerStopped),
            new RunEffect.StopLearner(),
        ];

    private bool ReachedLastUpdate => Finished?.Value >= Settings.Updates;

    private (RunProgression, ImmutableArray<RunEffect>) Enter(RunStage stage, params ImmutableArray<RunEffect> effects) =>
        (this with { Stage = stage }, effects);

    private (RunProgression, ImmutableArray<RunEffect>) OnRecovered() =>
        Enter(RunStage.LoadingModels, new RunEffect.StartWorkers(), new RunEffect.SetDeadline(RunWait.ModelsLoaded));

    private (RunProgression, ImmutableArray<RunEffect>) OnModelsLoaded() =>
        Enter(
            RunStage.RecoveringLearner,
            [new RunEffect.StartLearner(), new RunEffect.SetDeadline(RunWait.LearnerReady), .. StopRequested ? StopLearner : []]
        );

    private (RunProgression, ImmutableArray<RunEffect>) OnLearnerReady() =>
        Settings.MeasureBefore && !StopRequested
            ? Enter(
                RunStage.MeasuringBefore,
                new RunEffect.EnterPhase(RunPhase.Evaluating, "accuracy before training"),
                new RunEffect.SetDeadline(RunWait.Evaluation),
                new RunEffect.Measure(RunMeasurement.BeforeTraining)
            )
            : Train();

    /// <summary>Training is also started for a learner that was stopped: it writes its checkpoint and finishes.</summary>
    private (RunProgression, ImmutableArray<RunEffect>) Train(params ImmutableArray<RunEffect> before)
    {
        ImmutableArray<RunEffect> open = StopRequested
            ? []
            : [new RunEffect.ClearDeadline(), new RunEffect.EnterPhase(RunPhase.Training), new RunEffect.OpenDispatcher()];
        return Enter(RunStage.Training, [.. before, .. open, new RunEffect.Train()]);
    }

    private ImmutableArray<RunEffect> OnAdvanced(PolicyVersion version) =>
        Settings.EvaluateEvery > 0 && version.Value % Settings.EvaluateEvery == 0 && version.Value < Settings.Updates
            ? [new RunEffect.EvaluateBetween(version)]
            : [];

    private (RunProgression, ImmutableArray<RunEffect>) OnFinished(PolicyVersion version)
    {
        RunProgression next = this with { Stage = RunStage.Draining, Finished = version };
        RunEffect phase = next.ReachedLastUpdate
            ? new RunEffect.EnterPhase(RunPhase.Evaluating, "accuracy after training")
            : new RunEffect.EnterPhase(RunPhase.Stopping, "checkpoint written");
        return (next, [new RunEffect.CloseDispatcher(), phase, new RunEffect.SetDeadline(RunWait.OpenRollouts), new RunEffect.Drain()]);
    }

    private (RunProgression, ImmutableArray<RunEffect>) OnDrained() =>
        ReachedLastUpdate && Settings.MeasureAfter && !StopRequested
            ? Enter(
                RunStage.MeasuringAfter,
                new RunEffect.SetDeadline(RunWait.Evaluation),
                new RunEffect.Measure(RunMeasurement.AfterTraining)
            )
            : Account();

    private (RunProgression, ImmutableArray<RunEffect>) Account(params ImmutableArray<RunEffect> before) =>
        Enter(RunStage.Accounting, [.. before, new RunEffect.SetDeadline(RunWait.Metrics), new RunEffect.RequestAccount()]);

    private (RunProgression, ImmutableArray<RunEffect>) OnStop()
    {
        if (StopRequested)
        {
            return (this, []);
        }

        RunProgression next = this with { StopRequested = true };
        if (Finished is not null)
        {
            return Stage == RunStage.MeasuringAfter
                ? next.Account(new RunEffect.EnterPhase(RunPhase.Stopping, "the accuracy after training is not measured"))
                : (next, []);
        }

        if (JournalAway)
        {
            return next.StopAsItIs();
        }

        switch (Stage)
        {
            case RunStage.ReadingJournal:
                return (next, [new RunEffect.SetDeadline(RunWait.JournalRead)]);
            case RunStage.LoadingModels:
                return (next, [new RunEffect.SetDeadline(RunWait.ModelsLoaded)]);
            case RunStage.MeasuringBefore:
                (RunProgression training, ImmutableArray<RunEffect> train) = next.Train();
                return (training, [.. StopLearner, .. train]);
            default:
                return (next, StopLearner);
        }
    }

    private (RunProgression, ImmutableArray<RunEffect>) OnJournal(bool away)
    {
        RunProgression next = this with { JournalAway = away };
        bool recorded = Stage is RunStage.MeasuringAfter or RunStage.Accounting or RunStage.Summarizing;
        return away && StopRequested && !recorded ? next.StopAsItIs() : (next, []);
    }

    private (RunProgression, ImmutableArray<RunEffect>) OnOverdue(string what) =>
        StopRequested ? StopAsItIs(what) : Enter(RunStage.Ending, new RunEffect.FailOverdue(what));

    private (RunProgression, ImmutableArray<RunEffect>) StopAsItIs(string? overdue = null) =>
        Enter(RunStage.Ending, new RunEffect.StopAsItIs(overdue));
}
