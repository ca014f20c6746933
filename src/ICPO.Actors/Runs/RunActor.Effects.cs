using Akka.Actor;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Faults;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Runs;

/// <summary>The execution of the effects of <see cref="RunProgression"/>.</summary>
public sealed partial class RunActor
{
    private void CarryOut(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.StartBuffer:
                _run.Faults.Reach(FaultPoints.JournalReached);
                StartBuffer();
                _ = _parts.LoadAsync().PipeTo(Self);
                break;
            case RunEffect.StartWorkers:
                StartWorkers(_state!);
                break;
            case RunEffect.StartLearner:
                _parts.StartLearner(Context, _models!);
                _parts.Learner.Tell(_state!);
                break;
            case RunEffect.EnterPhase enter:
                Enter(enter.Phase, enter.Message);
                break;
            case RunEffect.SetDeadline deadline:
                SetDeadline(deadline.Wait);
                break;
            case RunEffect.ClearDeadline:
                Timers.Cancel(DeadlineTimer);
                break;
            case RunEffect.Measure:
                Evaluate(_run.Settings.Evaluation.FinalQuestions);
                break;
            case RunEffect.EvaluateBetween:
                Evaluate(_run.Settings.Evaluation.Questions);
                break;
            case RunEffect.KeepMeasurement { Measurement: RunMeasurement.BeforeTraining }:
                _before = _evaluated!.Report.Accuracy().Overall.Value;
                break;
            case RunEffect.KeepMeasurement:
                _after = _evaluated;
                break;
            case RunEffect.OpenDispatcher:
                _parts.Dispatcher.Tell(
                    new DispatcherActor.Open(_state!.Committed, _state.Buffered, [.. _state.Undecided], _state.Next)
                    {
                        Kept = _state.Kept,
                        Accepted = _state.Ledger.GroupsAdmitted - _state.Ledger.GroupsExpired,
                    }
                );
                break;
            case RunEffect.CloseDispatcher:
                _parts.Dispatcher.Tell(DispatcherActor.Close.Instance);
                break;
            case RunEffect.Train:
                _parts.Learner.Tell(LearnerActor.Train.Instance);
                break;
            case RunEffect.StopLearner:
                _parts.Learner.Tell(LearnerActor.Stop.Instance);
                break;
            case RunEffect.Drain:
                _ = DrainAsync().PipeTo(Self);
                break;
            case RunEffect.RequestAccount:
                _metrics.Tell(MetricsActor.ReportAccount.Instance);
                break;
            case RunEffect.WriteSummary write:
                WriteSummary(write.ReachedLastUpdate, _account!);
                Next(new RunEvent.SummaryWritten());
                break;
            case RunEffect.Complete complete:
                EndCompleted(complete.ReachedLastUpdate);
                break;
            case RunEffect.Fail fail:
                EndFailed(fail.Cause);
                break;
            case RunEffect.FailOverdue late:
                EndFailed(new TimeoutException($"{late.What}; {_run.SeeLog}."));
                break;
            case RunEffect.StopAsItIs stop:
                EndStoppedAsItIs(stop.Overdue ?? $"{_run.Database.Description} did not respond");
                break;
            default:
                throw new InvalidOperationException($"Unknown effect {effect.GetType().Name}.");
        }
    }

    private void Enter(RunPhase phase, string? message = null) => _run.Events.Publish(new PhaseEntered(phase, message));

    private async Task<Drained> DrainAsync()
    {
        // The run's own deadline comes before those of the parts that are asked.
        await _parts.DrainAsync(2 * _run.Settings.Shutdown.StopTimeout).ConfigureAwait(false);
        return new Drained();
    }
}
