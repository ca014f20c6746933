using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Faults;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>
/// One run from start to summary. It starts the parts in the order in which they depend on each other, ends the run when the
/// learner has finished or anything fails, and says why.
/// </summary>
public sealed partial class RunActor : ReceiveActor, IWithTimers
{
    private readonly RunPlan _plan;
    private readonly RunClock _clock;
    private readonly RunParts _parts;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private BufferRecovered? _state;
    private IActorRef _metrics = ActorRefs.Nobody;
    private double? _before;
    private VersionEvaluated? _after;
    private PolicySnapshot? _newest;
    private LearnerActor.Finished? _finished;
    private bool _measuring;
    private bool _closing;
    private bool _stopping;
    private bool _ending;
    private bool _away;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Stop after the update in progress.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static Stop Instance { get; } = new();
    }

    private sealed record Begin : INoSerializationVerificationNeeded
    {
        public static Begin Instance { get; } = new();
    }

    private sealed record Reached : INoSerializationVerificationNeeded;

    private sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record Failed(string Message, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Overdue(string What) : INoSerializationVerificationNeeded;

    private sealed record Drained : INoSerializationVerificationNeeded;

    private sealed record Closed(Action Tell) : INoSerializationVerificationNeeded;

    public RunActor(RunPlan plan)
    {
        _plan = plan;
        _clock = new RunClock(plan.Time, plan.ElapsedBefore);
        _parts = new RunParts(plan);
        _before = plan.AccuracyBefore;

        Receive<Begin>(_ => ReachAsync().PipeTo(Self));
        Receive<Reached>(_ =>
        {
            _plan.Faults.Reach(FaultPoints.JournalReached);
            _parts.StartBuffer(Context);
        });
        Receive<BufferRecovered>(Recovered);
        Receive<Beat>(_ => _plan.Lock?.Beat());
        Receive<LearnerActor.Ready>(ready =>
        {
            _newest = ready.Snapshot;
            if (_plan.Settings.Evaluation.AtStart && _before is null && !_stopping)
            {
                _measuring = true;
                Enter(RunPhase.Evaluating, "accuracy before training");
                Evaluate(_plan.Settings.Evaluation.FinalQuestions);
            }
            else
            {
                Train();
            }
        });
        Receive<LearnerActor.Advanced>(advanced =>
        {
            _newest = advanced.Snapshot;
            long version = advanced.Snapshot.Version.Value;
            if (_plan.Settings.Evaluation.Every > 0 && version % _plan.Settings.Evaluation.Every == 0 && version < _plan.Settings.Updates)
            {
                _parts.Evaluator.Tell(new EvaluatorActor.Evaluate(advanced.Snapshot, _plan.HeldOut(_plan.Settings.Evaluation.Questions)));
            }
        });
        Receive<VersionEvaluated>(Evaluated);
        Receive<LearnerActor.Finished>(finished =>
        {
            _finished = finished;
            _parts.Dispatcher.Tell(DispatcherActor.Close.Instance);
            bool complete = finished.Version.Value >= _plan.Settings.Updates;
            Enter(complete ? RunPhase.Evaluating : RunPhase.Stopping, complete ? "accuracy after training" : "checkpoint written");
            Drain();
        });
        Receive<Drained>(_ =>
        {
            if (_finished!.Version.Value >= _plan.Settings.Updates && _plan.Settings.Evaluation.AtEnd)
            {
                _closing = true;
                Evaluate(_plan.Settings.Evaluation.FinalQuestions);
            }
            else
            {
                Account();
            }
        });
        Receive<MetricsActor.Account>(Complete);
        Receive<Stop>(_ =>
        {
            if (_stopping || _finished is not null || _ending)
            {
                return;
            }

            _stopping = true;
            if (_away)
            {
                StopInOutage();
                return;
            }

            if (!_parts.Learner.IsNobody())
            {
                StopLearner();
            }
        });
        Receive<JournalAway>(journal =>
        {
            _away = journal.Away;
            if (_metrics.IsNobody())
            {
                // Nobody who would tell it stands yet.
                _plan.Progress.Publish(
                    new RunProgress
                    {
                        Phase = RunPhase.Starting,
                        Update = 0,
                        Updates = _plan.Settings.Updates,
                        Elapsed = _clock.Elapsed,
                        Message = journal.Message,
                    }
                );
            }

            if (_away && _stopping && !_ending)
            {
                StopInOutage();
            }
        });
        Receive<JournalFailed>(failed => Fail(new IOException(failed.Message, failed.Cause)));
        Receive<Failed>(failed => Fail(failed.Cause));
        Receive<Overdue>(overdue => Fail(new TimeoutException($"{overdue.What} within its deadline; see {_plan.Directory.Log}.")));
        Receive<Terminated>(gone =>
        {
            if (!_ending)
            {
                Fail(new InvalidOperationException($"The actor {gone.ActorRef.Path.Name} has ended; see {_plan.Directory.Log}."));
            }
        });
        Receive<Closed>(closed =>
        {
            closed.Tell();
            Context.Stop(Self);
        });
        Receive<Status.Failure>(failure => Fail(failure.Cause));
    }

    public static Props Props(RunPlan plan) => Akka.Actor.Props.Create(() => new RunActor(plan));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(JournalAway));
        _plan.Run.Attach(Self);
        Deadline("The journal was not read", RunParts.StartTimeout + (2 * _plan.Settings.Journal.OutageTimeout));
        Timers.StartPeriodicTimer("beat", Beat.Instance, RunLock.Interval);
        Self.Tell(Begin.Instance);
    }

    protected override void PostStop()
    {
        // Nothing is left to do here after a run that ended by itself; this is for an actor system that ended under it.
        _ended.Cancel();
        _ended.Dispose();
        _ = _parts.DisposeAsync().AsTask();
        _plan.Progress.End();
        _plan.Ended.TrySetException(new InvalidOperationException("The run's actor system has ended."));
    }

    /// <summary>What goes wrong here ends the run as well: a restart would begin a second run in the same directory.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(error);
            return true;
        }
    }

    /// <summary>Whatever a child throws ends the run, with that as the reason.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error =>
        {
            Self.Tell(new Failed(error.Message, error));
            return Directive.Stop;
        });

    private void StopLearner()
    {
        Enter(RunPhase.Stopping, "stopping after the update in progress");
        Deadline("The learner did not stop", _plan.Settings.Shutdown.StopTimeout);
        _parts.Learner.Tell(LearnerActor.Stop.Instance);
        if (_measuring)
        {
            // Training has not begun: the learner, asked to train now, writes its checkpoint and is done.
            Train();
        }
    }

    private void Train()
    {
        _measuring = false;
        if (!_stopping)
        {
            Timers.Cancel("deadline");
            Enter(RunPhase.Training);
            _parts.Dispatcher.Tell(
                new DispatcherActor.Open(_state!.Committed, _state.Buffered, [.. _state.Undecided], _state.Next) { Kept = _state.Kept }
            );
        }

        _parts.Learner.Tell(LearnerActor.Train.Instance);
    }

    private void Evaluate(int questions)
    {
        Deadline("The evaluation did not end", _plan.Settings.Evaluation.Timeout);
        _parts.Evaluator.Tell(new EvaluatorActor.Evaluate(_newest!, _plan.HeldOut(questions)));
    }

    private void Evaluated(VersionEvaluated evaluated)
    {
        if (_closing)
        {
            if (evaluated.Version == _finished!.Version)
            {
                (_closing, _after) = (false, evaluated);
                Account();
            }
        }
        else if (_measuring)
        {
            _before = evaluated.Report.Accuracy().Overall.Value;
            Train();
        }
    }

    private static void Enter(RunPhase phase, string? message = null) =>
        Context.System.EventStream.Publish(new PhaseEntered(phase, message));

    private void Deadline(string what, TimeSpan timeout) => Timers.StartSingleTimer("deadline", new Overdue(what), timeout);
}
