using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Tests.Runs;

public sealed class RunProgressionTests
{
    private static readonly RunProgression Start = new(new RunProgressionSettings(6, 2, MeasureBefore: true, MeasureAfter: true));
    private static readonly IOException Cause = new("the cause");
    private static readonly RunEvent[] ToTraining =
    [
        new RunEvent.JournalReached(),
        new RunEvent.Recovered(),
        new RunEvent.ModelsLoaded(),
        new RunEvent.LearnerReady(),
        new RunEvent.Evaluated(Version(0)),
    ];
    private static readonly RunEvent[] ToEnd =
    [
        .. ToTraining,
        new RunEvent.LearnerFinished(Version(6)),
        new RunEvent.Drained(),
        new RunEvent.Evaluated(Version(6)),
        new RunEvent.Accounted(),
        new RunEvent.SummaryWritten(),
    ];

    [Fact]
    public void A_whole_run_passes_every_stage_in_order()
    {
        (RunStage Stage, string Effects)[] table =
        [
            (RunStage.ReadingJournal, "StartBuffer"),
            (RunStage.LoadingModels, "StartWorkers SetDeadline(ModelsLoaded)"),
            (RunStage.RecoveringLearner, "StartLearner SetDeadline(LearnerReady)"),
            (RunStage.MeasuringBefore, "EnterPhase(Evaluating) SetDeadline(Evaluation) Measure(BeforeTraining)"),
            (RunStage.Training, "KeepMeasurement(BeforeTraining) ClearDeadline EnterPhase(Training) OpenDispatcher Train"),
            (RunStage.Draining, "CloseDispatcher EnterPhase(Evaluating) SetDeadline(OpenRollouts) Drain"),
            (RunStage.MeasuringAfter, "SetDeadline(Evaluation) Measure(AfterTraining)"),
            (RunStage.Accounting, "KeepMeasurement(AfterTraining) SetDeadline(Metrics) RequestAccount"),
            (RunStage.Summarizing, "WriteSummary(True)"),
            (RunStage.Ending, "Complete(True)"),
        ];
        RunProgression state = Start;
        foreach ((RunEvent happened, (RunStage stage, string effects)) in ToEnd.Zip(table))
        {
            (state, ImmutableArray<RunEffect> given) = state.Next(happened);
            Assert.Equal((stage, effects), (state.Stage, Text(given)));
        }
    }

    [Theory]
    [InlineData(false, true, "ClearDeadline EnterPhase(Training) OpenDispatcher Train")]
    [InlineData(true, true, "EnterPhase(Evaluating) SetDeadline(Evaluation) Measure(BeforeTraining)")]
    public void The_accuracy_before_training_is_measured_only_where_it_is_asked_for(bool before, bool after, string effects) =>
        Assert.Equal(
            effects,
            After(new RunProgression(new RunProgressionSettings(6, 0, before, after)), ToTraining[..3]).Text(new RunEvent.LearnerReady())
        );

    [Fact]
    public void Without_a_measurement_after_training_the_ledger_is_taken_at_once() =>
        Assert.Equal(
            "SetDeadline(Metrics) RequestAccount",
            After(
                    new RunProgression(new RunProgressionSettings(6, 0, false, false)),
                    [.. ToTraining[..4], new RunEvent.LearnerFinished(Version(6))]
                )
                .Text(new RunEvent.Drained())
        );

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "EvaluateBetween(v2)")]
    [InlineData(4, "EvaluateBetween(v4)")]
    [InlineData(6, "")]
    public void Versions_are_evaluated_at_the_interval_but_the_last_one_only_at_the_end(int version, string effects) =>
        Assert.Equal(effects, After(Start, ToTraining).Text(new RunEvent.Advanced(Version(version))));

    [Theory]
    [InlineData(0, nameof(RunStage.ReadingJournal), "SetDeadline(JournalRead)")]
    [InlineData(1, nameof(RunStage.ReadingJournal), "SetDeadline(JournalRead)")]
    [InlineData(2, nameof(RunStage.LoadingModels), "SetDeadline(ModelsLoaded)")]
    [InlineData(3, nameof(RunStage.RecoveringLearner), "EnterPhase(Stopping) SetDeadline(LearnerStopped) StopLearner")]
    [InlineData(4, nameof(RunStage.Training), "EnterPhase(Stopping) SetDeadline(LearnerStopped) StopLearner Train")]
    [InlineData(5, nameof(RunStage.Training), "EnterPhase(Stopping) SetDeadline(LearnerStopped) StopLearner")]
    [InlineData(6, nameof(RunStage.Draining), "")]
    [InlineData(7, nameof(RunStage.Accounting), "EnterPhase(Stopping) SetDeadline(Metrics) RequestAccount")]
    [InlineData(10, nameof(RunStage.Ending), "")]
    public void A_stop_is_carried_out_by_the_learner_and_skips_the_final_evaluation(int events, string stage, string effects)
    {
        RunProgression state = After(Start, ToEnd[..events]);
        Assert.Equal(effects, state.Text(new RunEvent.StopRequested()));
        RunProgression stopped = state.Next(new RunEvent.StopRequested()).Next;
        Assert.Equal(stage, stopped.Stage.ToString());
        Assert.Equal("", stopped.Text(new RunEvent.StopRequested()));
    }

    [Fact]
    public void A_run_that_is_stopped_while_it_starts_neither_measures_nor_samples()
    {
        RunProgression state = After(Start, [new RunEvent.StopRequested(), new RunEvent.JournalReached(), new RunEvent.Recovered()]);
        Assert.Equal(
            "StartLearner SetDeadline(LearnerReady) EnterPhase(Stopping) SetDeadline(LearnerStopped) StopLearner",
            state.Text(new RunEvent.ModelsLoaded())
        );
        Assert.Equal("Train", After(state, [new RunEvent.ModelsLoaded()]).Text(new RunEvent.LearnerReady()));
    }

    [Fact]
    public void A_run_that_is_stopped_while_its_open_rollouts_end_is_not_measured()
    {
        RunProgression state = After(Start, [.. ToEnd[..6], new RunEvent.StopRequested()]);
        Assert.Equal("SetDeadline(Metrics) RequestAccount", state.Text(new RunEvent.Drained()));
        state = After(state, [new RunEvent.Drained(), new RunEvent.JournalAway(true)]);
        Assert.Equal("WriteSummary(True)", state.Text(new RunEvent.Accounted()));
    }

    [Fact]
    public void A_run_does_not_wait_for_an_evaluation_that_was_skipped()
    {
        Assert.Equal(
            "ClearDeadline EnterPhase(Training) OpenDispatcher Train",
            After(Start, ToTraining[..4]).Text(new RunEvent.EvaluationSkipped(Version(0)))
        );
        RunProgression measuring = After(Start, ToEnd[..7]);
        Assert.Equal("", measuring.Text(new RunEvent.EvaluationSkipped(Version(4))));
        Assert.Equal("SetDeadline(Metrics) RequestAccount", measuring.Text(new RunEvent.EvaluationSkipped(Version(6))));
    }

    [Fact]
    public void A_stopped_run_is_not_measured_and_its_summary_says_so()
    {
        RunProgression state = After(Start, [.. ToTraining, new RunEvent.StopRequested()]);
        Assert.Equal(
            "CloseDispatcher EnterPhase(Stopping) SetDeadline(OpenRollouts) Drain",
            state.Text(new RunEvent.LearnerFinished(Version(3)))
        );
        state = After(state, [new RunEvent.LearnerFinished(Version(3)), new RunEvent.Drained()]);
        Assert.Equal((RunStage.Accounting, "WriteSummary(False)"), (state.Stage, state.Text(new RunEvent.Accounted())));
    }

    [Fact]
    public void A_failure_ends_the_run_from_every_stage_and_only_once()
    {
        for (int events = 0; events < ToEnd.Length; events++)
        {
            (RunProgression failed, ImmutableArray<RunEffect> effects) = After(Start, ToEnd[..events]).Next(new RunEvent.Failed(Cause));
            Assert.Equal<RunEffect>([new RunEffect.Fail(Cause)], effects);
            RunEvent[] late = [.. ToEnd, new RunEvent.Failed(Cause), new RunEvent.StopRequested(), new RunEvent.JournalAway(true)];
            Assert.All(late, happened => Assert.Equal("", failed.Text(happened)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_during_an_outage_ends_the_run_whichever_comes_first(bool outageFirst)
    {
        RunEvent[] both = [new RunEvent.JournalAway(true), new RunEvent.StopRequested()];
        RunEvent[] ordered = outageFirst ? both : [both[1], both[0]];
        RunProgression state = After(Start, [.. ToTraining, ordered[0]]);
        Assert.Equal("StopAsItIs()", state.Text(ordered[1]));
        Assert.True(state.Next(ordered[1]).Next is { Stage: RunStage.Ending, JournalAway: true });
    }

    [Fact]
    public void What_does_not_happen_in_time_fails_a_run_unless_it_was_told_to_stop()
    {
        for (int events = 0; events < ToEnd.Length; events++)
        {
            RunProgression state = After(Start, ToEnd[..events]);
            Assert.Equal("FailOverdue(this)", state.Text(new RunEvent.Overdue("this")));
            (RunProgression stopped, ImmutableArray<RunEffect> effects) = After(state, [new RunEvent.StopRequested()])
                .Next(new RunEvent.Overdue("this"));
            Assert.Equal((RunStage.Ending, "StopAsItIs(this)"), (stopped.Stage, Text(effects)));
        }
    }

    [Fact]
    public void An_outage_that_is_over_changes_nothing()
    {
        RunProgression state = After(Start, [.. ToTraining, new RunEvent.JournalAway(true), new RunEvent.JournalAway(false)]);
        Assert.Equal(After(Start, ToTraining), state);
    }

    [Fact]
    public void An_evaluation_during_training_is_not_taken_for_the_one_that_is_waited_for()
    {
        Assert.Equal("", After(Start, ToTraining).Text(new RunEvent.Evaluated(Version(2))));
        Assert.Equal("", After(Start, ToEnd[..7]).Text(new RunEvent.Evaluated(Version(4))));
    }

    private static PolicyVersion Version(long value) => new(value);

    private static RunProgression After(RunProgression state, RunEvent[] events) =>
        events.Aggregate(state, (before, happened) => before.Next(happened).Next);

    private static string Text(ImmutableArray<RunEffect> effects) =>
        string.Join(' ', effects.Select(effect => RunProgressionText.Text(effect)));
}

/// <summary>Effects as short texts: the name, and in parentheses the first thing that it carries.</summary>
internal static class RunProgressionText
{
    public static string Text(this RunProgression state, RunEvent happened) =>
        string.Join(' ', state.Next(happened).Effects.Select(effect => Text(effect)));

    public static string Text(RunEffect effect) =>
        effect switch
        {
            RunEffect.EnterPhase enter => $"EnterPhase({enter.Phase})",
            RunEffect.SetDeadline deadline => $"SetDeadline({deadline.Wait})",
            RunEffect.Measure measure => $"Measure({measure.Measurement})",
            RunEffect.KeepMeasurement keep => $"KeepMeasurement({keep.Measurement})",
            RunEffect.EvaluateBetween between => $"EvaluateBetween({between.Version})",
            RunEffect.WriteSummary write => $"WriteSummary({write.ReachedLastUpdate})",
            RunEffect.Complete complete => $"Complete({complete.ReachedLastUpdate})",
            RunEffect.FailOverdue late => $"FailOverdue({late.What})",
            RunEffect.StopAsItIs stop => $"StopAsItIs({stop.Overdue})",
            _ => effect.GetType().Name,
        };
}
