using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>
/// One run from start to summary. <see cref="RunProgression"/> determines the transitions; the actor turns messages into its events and
/// executes its effects.
/// </summary>
public sealed partial class RunActor : ReceiveActor, IWithTimers
{
    private const string DeadlineTimer = "deadline";
    private readonly RunContext _run;
    private readonly RunClock _clock;
    private readonly RunParts _parts;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _ended = new();
    private RunProgression _progression;
    private BufferRecovered? _state;
    private RunModels? _models;
    private IActorRef _metrics = ActorRefs.Nobody;
    private double? _before;
    private VersionEvaluated? _after;
    private VersionEvaluated? _evaluated;
    private PolicySnapshot? _newest;
    private LearnerActor.Finished? _finished;
    private MetricsActor.Account? _account;
    private RunSummary? _summary;

    public RunActor(RunContext run)
    {
        _run = run;
        _clock = new RunClock(run.Time, run.ElapsedBefore);
        _parts = new RunParts(run);
        _before = run.AccuracyBefore;
        _progression = new RunProgression(
            new RunProgressionSettings(
                run.Settings.Updates,
                run.Settings.Evaluation.Every,
                run.Settings.Evaluation.AtStart && _before is null,
                run.Settings.Evaluation.AtEnd
            )
        );

        Receive<Begin>(_ => ReachAsync(Self, _log, _ended.Token).PipeTo(Self));
        ReceiveOwnership();
        Receive<BufferRecovered>(state =>
        {
            _state = state;
            Next(new RunEvent.Recovered());
        });
        Receive<RunModels>(models =>
        {
            _models = models;
            if (_state is not null)
            {
                Next(new RunEvent.ModelsLoaded());
            }
        });
        Receive<RenewLock>(_ => RenewRunLock());
        Receive<LearnerActor.Ready>(ready =>
        {
            _newest = ready.Snapshot;
            Next(new RunEvent.LearnerReady());
        });
        Receive<LearnerActor.Advanced>(advanced =>
        {
            _run.RequireDirectory();
            _newest = advanced.Snapshot;
            Next(new RunEvent.Advanced(advanced.Snapshot.Version));
        });
        Receive<VersionEvaluated>(Evaluated);
        Receive<EvaluatorActor.EvaluationSkipped>(skipped =>
        {
            _log.Warning("{0} was not evaluated: {1}", skipped.Version, skipped.Reason);
            Next(new RunEvent.EvaluationSkipped(skipped.Version));
        });
        Receive<LearnerActor.Finished>(finished =>
        {
            _finished = finished;
            Next(new RunEvent.LearnerFinished(finished.Version));
        });
        Receive<Drained>(_ => Next(new RunEvent.Drained()));
        Receive<MetricsActor.Account>(account =>
        {
            _account = account;
            Next(new RunEvent.Accounted());
        });
        Receive<Stop>(_ => Next(new RunEvent.StopRequested()));
        Receive<JournalAway>(journal =>
        {
            _run.Run.JournalAway = journal.Away ? journal.Message : null;
            ReportBeforeMetrics(journal.Message);
            Next(new RunEvent.JournalAway(journal.Away));
        });
        Receive<Failed>(failed => Fail(failed.Cause));
        Receive<Overdue>(overdue => Next(new RunEvent.Overdue(overdue.What)));
        Receive<Terminated>(gone => Fail(new InvalidOperationException($"The actor {gone.ActorRef.Path.Name} has ended; {_run.SeeLog}.")));
        Receive<Status.Failure>(failure => Fail(failure.Cause));
        ReceiveHealth();
        Receive<Closed>(closed =>
        {
            closed.Report();
            Context.Stop(Self);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _run.Events.Subscribe(Self, typeof(JournalAway), typeof(WorkerFault));
        _run.Run.Attach(Self);
        SetDeadline(RunWait.JournalRead);
        Timers.StartPeriodicTimer(nameof(RenewLock), RenewLock.Instance, RunLock.Interval);
        Self.Tell(Begin.Instance);
    }

    protected override void PostStop()
    {
        // Has no effect after a run that has ended; this is for an actor system that is shut down during a run.
        _ended.Cancel();
        _ended.Dispose();
        _run.Progress.End();
        _ = EndAfterPartsAsync();
    }

    /// <summary>An exception in this actor ends the run as well: a restart would start a second run in the same directory.</summary>
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

    /// <summary>An exception in a child ends the run, with that as the reason.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error =>
        {
            // An error of awaited work is thrown in another actor.
            Self.Tell(new Failed(error is AggregateException { InnerExceptions: [var only] } ? only : error));
            return Directive.Stop;
        });

    private void Fail(Exception cause) => Next(new RunEvent.Failed(cause));

    private void Next(RunEvent happened)
    {
        (_progression, ImmutableArray<RunEffect> effects) = _progression.Next(happened);
        foreach (RunEffect effect in effects)
        {
            CarryOut(effect);
        }
    }

    public static Props Props(RunContext run) => Akka.Actor.Props.Create(() => new RunActor(run));
}
