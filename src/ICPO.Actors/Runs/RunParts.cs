using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Filtering;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tracing;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Runs;

/// <summary>The actors of a run, and the engines, learners and files that they use; ends all of them with the run.</summary>
internal sealed partial class RunParts(RunContext run) : IAsyncDisposable
{
    /// <summary>Maximum duration of reading the journal.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Maximum duration of going back to the last committed update.</summary>
    public static readonly TimeSpan RecoveryTimeout = TimeSpan.FromHours(1);

    private readonly ComputeParts _compute = new();
    private readonly List<IDisposable> _files = [];
    private readonly RunTraces _traces = new(Path.GetFileName(run.Directory.Path));

    /// <summary>The checkpoints and published weights of the run.</summary>
    public CheckpointStore Checkpoints { get; } = CheckpointStore.Open(run.Directory);

    public IActorRef Buffer { get; private set; } = ActorRefs.Nobody;

    public IActorRef Filter { get; private set; } = ActorRefs.Nobody;

    public IActorRef Cases { get; private set; } = ActorRefs.Nobody;

    public IActorRef Dispatcher { get; private set; } = ActorRefs.Nobody;

    public IActorRef Learner { get; private set; } = ActorRefs.Nobody;

    public IActorRef Evaluator { get; private set; } = ActorRefs.Nobody;

    public IActorRef StartMetrics(IActorContext context, RunClock clock, BufferRecovered state)
    {
        var recorder = new RunRecorder(
            new MetricSinkContext(run.Directory, run.Settings.Metrics, run.Time, run.Settings.RunId)
            {
                Mirror = Notes is null ? null : Notes.Add,
            }
        );
        _files.Add(recorder);
        IActorRef metrics = context.ActorOf(MetricsActor.Props(recorder, run.Progress, clock, state, run.Settings), "metrics");
        run.Events.Subscribe(metrics, MetricsActor.Subscriptions.AsSpan());
        return metrics;
    }

    /// <summary>
    /// Starts the dispatcher, the case desk and the filter, and this process's node, which loads its engines outside of its actor.
    /// </summary>
    public void StartWorkers(IActorContext context, BufferRecovered state)
    {
        RunSettings settings = run.Settings;
        ProtocolTimings timings = run.Timings;
        var cases = new CaseDeskSettings
        {
            Epoch = state.Epoch,
            Events = run.Events,
            Timeout = settings.Verification.Timeout,
            FaultTimeout = settings.Admission.FaultTimeout,
            TickInterval = timings.Tick,
            Repeat = timings.Repeat,
        };
        Cases = Start(context, CaseDeskActor.Props(cases, run.Time), "cases");
        var filter = new FilterParts
        {
            Expert = settings.Expert,
            Group = settings.Group,
            Seed = settings.Seed,
            Buffer = Buffer,
            Cases = Cases,
            Events = run.Events,
            Keeping = Keeping,
            Decided = state.Decided,
            Traces = _traces,
        };
        Filter = Start(context, FilterActor.Props(filter), "filter");
        var planner = new GroupPlanner(run.Task, run.Backend.Tokenizer, settings.Group, settings.Expert, settings.Seed);
        var dispatching = new DispatcherSettings(settings.Group, settings.Admission)
        {
            Epoch = state.Epoch,
            WholeRequests = run.IsSynchronous,
            SamplesPerInsert = settings.Selection.SamplesPerInsert,
            TickInterval = timings.Tick,
            Repeat = timings.Repeat,
            Events = run.Events,
            Traces = _traces,
        };
        Dispatcher = Start(context, DispatcherActor.Props(planner, dispatching, Filter, run.Time), "dispatcher");
        run.Events.Subscribe(Dispatcher, typeof(JournalAway));
        Filter.Tell(new FilterActor.AttachDispatcher(Dispatcher));
        Buffer.Tell(new TrajectoryBufferActor.AttachDispatcher(Dispatcher));
        StartNode(context, state);
    }

    /// <summary>Loads the models of learner and evaluator; takes as long as reading the model does.</summary>
    public Task<RunModels> LoadAsync() =>
        Task.Run(() =>
            new RunModels(
                _compute.Keep(run.Backend.CreateLearner()),
                _compute.Keep(run.Backend.CreateEngine(run.Engines, isolateRequests: false))
            )
        );

    /// <summary>Starts learner and evaluator on their models.</summary>
    public void StartLearner(IActorContext context, RunModels models)
    {
        RunSettings settings = run.Settings;
        var assembler = new BatchAssembler(settings.Group, settings.Expert, settings.ScheduleUpdates);
        Learner = context.StartLearner(
            new LearnerParts
            {
                Learner = models.Learner,
                Assembler = assembler,
                Plan = run.LearnerPlan,
                MustRepeatExactly = settings.Admission.MaxStaleness == 0,
                Checkpoints = Checkpoints,
                Buffer = Buffer,
                Events = run.Events,
                Time = run.Time,
                Faults = run.Faults,
            }
        );

        var evaluator = new ModelEvaluator([models.Measuring], run.Backend.Tokenizer, settings.Verification.Timeout);
        Evaluator = Start(
            context,
            EvaluatorActor.Props(
                new EvaluatorParts
                {
                    Engine = models.Measuring,
                    Evaluate = (questions, token) => evaluator.EvaluateAsync(run.Task, run.Verifier, EvaluationOf(questions), token),
                    Verifier = run.Verifier,
                    FaultTimeout = settings.Admission.FaultTimeout,
                    Timings = run.Timings,
                    Time = run.Time,
                    Events = run.Events,
                }
            ),
            "evaluator"
        );
    }

    /// <summary>Ends open rollouts and waits until every message so far is recorded.</summary>
    /// <exception cref="AskTimeoutException">A part did not respond in time.</exception>
    public async Task DrainAsync(TimeSpan deadline)
    {
        await Dispatcher.Ask<DispatcherActor.Drained>(DispatcherActor.Drain.Instance, deadline).ConfigureAwait(false);

        // A delayed lease may still be sampled; its rollouts must no longer change the ledger.
        await Filter.Ask<FilterActor.Closed>(FilterActor.Close.Instance, deadline).ConfigureAwait(false);
        await Cases.Ask<CaseDeskActor.Idle>(CaseDeskActor.ReportIdle.Instance, deadline).ConfigureAwait(false);

        // Queried in the order of the message flow, so that messages that one actor sent before its reply precede the query in the next
        // mailbox.
        await Filter.Ask<ActorIdentity>(new Identify("filter"), deadline).ConfigureAwait(false);
        await Buffer.Ask<TrajectoryBufferActor.Flushed>(TrajectoryBufferActor.Flush.Instance, deadline).ConfigureAwait(false);
    }

    /// <summary>Ends when engines and learner have ended, which may be after the run has; null before they were asked to.</summary>
    public Task? ComputeEnding => _compute.Ending;

    /// <summary>Ends engines and learner, then closes the files. A computation in flight is waited for until a deadline.</summary>
    /// <exception cref="TimeoutException">A part still computes.</exception>
    public async ValueTask DisposeAsync()
    {
        IDisposable[] files = [.. _files];
        _files.Clear();
        TimeSpan deadline = run.Settings.Shutdown.TerminateTimeout;
        try
        {
            await _compute.DisposeAsync().AsTask().WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (TimeoutException late) when (_compute.Ending is { IsCompleted: false })
        {
            throw new TimeoutException(
                $"The learner or an engine still computes after {deadline.TotalSeconds:0.#} s (shutdown.terminate-timeout); the run's "
                    + "directory is released when it has ended.",
                late
            );
        }
        finally
        {
            foreach (IDisposable file in files)
            {
                file.Dispose();
            }

            await EndOwnershipAsync().ConfigureAwait(false);
        }
    }

    private RolloutKeeping Keeping =>
        !run.Settings.Journal.Rollouts ? RolloutKeeping.None
        : run.IsSynchronous ? RolloutKeeping.WholeRequests
        : RolloutKeeping.Each;

    private EvaluationPlan EvaluationOf(ImmutableArray<Question> questions) =>
        new()
        {
            Questions = questions,
            Samples = run.Settings.Evaluation.Samples,
            Sampler = run.Sampler,
            Seed = Seed.Derive(run.Settings.Seed, "evaluation"),
        };

    private void StartNode(IActorContext context, BufferRecovered state)
    {
        if (run.Verifier is { EnforcesDeadline: true } and IAsyncDisposable disposable)
        {
            _compute.Keep(disposable);
        }

        var gateway = new NodeGatewayParts
        {
            Epoch = state.Epoch,
            Run = run.Settings.RunId,
            Dispatcher = Dispatcher,
            Filter = Filter,
            Cases = Cases,
            Endpoint = run.Endpoint,
            Events = run.Events,
        };
        IActorRef core = Start(context, NodeGatewayActor.Props(gateway), "gateway");
        run.Events.Subscribe(core, typeof(PolicyPublished));
        run.Endpoint?.Attach(core, state.Epoch);
        if (run.LocalRoles.IsEmpty)
        {
            return;
        }

        VerificationSettings verification = run.Settings.Verification;
        var node = new NodeParts
        {
            Name = Environment.MachineName,
            Roles = run.LocalRoles,
            Device = run.Settings.Model.Device,
            Engines = run.Engines,
            CreateEngine = index => _compute.Keep(run.Backend.CreateEngine(index, run.IsSynchronous)),
            EndEngine = engine => _compute.EndAsync(engine),
            Tokenizer = run.Backend.Tokenizer,
            Sampler = run.Sampler,
            Verifier = run.Verifier,
            VerifierTimeout = verification.Timeout,
            VerifierParallel = run.Verifier.Concurrency ?? (verification.Parallel > 0 ? verification.Parallel : Environment.ProcessorCount),
            Timings = run.Timings,
            Time = run.Time,
            Transport = run.Transport,
        };
        Start(context, NodeActor.Props(node, core), "node");
    }

    private static IActorRef Start(IActorContext context, Props props, string name) => context.Watch(context.ActorOf(props, name));
}
