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
using ICPO.Actors.Rollouts;
using ICPO.Actors.Verification;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Runs;

/// <summary>The actors of a run, and the engines, learners and files that they use; ends all of them with the run.</summary>
internal sealed class RunParts(RunContext run) : IAsyncDisposable
{
    /// <summary>Maximum duration of reading the journal.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Maximum duration of going back to the last committed update.</summary>
    public static readonly TimeSpan RecoveryTimeout = TimeSpan.FromHours(1);

    private readonly List<IAsyncDisposable> _compute = [];
    private readonly List<IDisposable> _files = [];

    /// <summary>The checkpoints and published weights of the run.</summary>
    public CheckpointStore Checkpoints { get; } = CheckpointStore.Open(run.Directory);

    public IActorRef Buffer { get; private set; } = ActorRefs.Nobody;

    public IActorRef Filter { get; private set; } = ActorRefs.Nobody;

    public IActorRef Verifier { get; private set; } = ActorRefs.Nobody;

    public IActorRef Dispatcher { get; private set; } = ActorRefs.Nobody;

    public IActorRef Learner { get; private set; } = ActorRefs.Nobody;

    public IActorRef Evaluator { get; private set; } = ActorRefs.Nobody;

    public ImmutableArray<IActorRef> Engines { get; private set; } = [];

    public void StartBuffer(IActorContext context)
    {
        var payloads = new SegmentLog(run.Directory.Payloads, run.Settings.Journal.KeepsAll ? 64 << 20 : 8 << 20);
        _files.Add(payloads);
        var settings = new BufferSettings(
            run.Settings.Journal.Synchronous == "full",
            run.Settings.Admission.HardStalenessBound,
            run.Settings.Journal.SnapshotEvery,
            run.Settings.Checkpoint.Keep
        )
        {
            RunId = run.Settings.RunId,
            RolloutDelay = run.Settings.Journal.RolloutDelay,
            KeepsAll = run.Settings.Journal.KeepsAll,
        };
        Buffer = context.StartTrajectoryBuffer(payloads, settings, run.Faults);
    }

    public IActorRef StartMetrics(IActorContext context, RunClock clock, BufferRecovered state)
    {
        var recorder = new RunRecorder(run.Directory, run.Settings.Metrics, run.Time);
        _files.Add(recorder);
        IActorRef metrics = context.ActorOf(MetricsActor.Props(recorder, run.Progress, clock, state, run.Settings), "metrics");
        MetricsActor.Subscribe(context.System, metrics);
        return metrics;
    }

    public void StartWorkers(IActorContext context)
    {
        RunSettings settings = run.Settings;
        Filter = Start(context, FilterActor.Props(settings.Expert, settings.Group, settings.Seed, Buffer, Keeping), "filter");
        int configured = settings.Verification.Parallel > 0 ? settings.Verification.Parallel : Environment.ProcessorCount;
        int parallel = run.Verifier.Concurrency ?? configured;
        if (run.Verifier is { EnforcesDeadline: true } and IAsyncDisposable disposable)
        {
            Keep(disposable);
        }

        Verifier = Start(context, VerifierActor.Props(run.Verifier, settings.Verification.Timeout, parallel, Filter), "verifier");
        var planner = new GroupPlanner(run.Task, run.Backend.Tokenizer, settings.Group, settings.Expert, settings.Seed);
        Dispatcher = Start(context, DispatcherActor.Props(planner, settings.Group, settings.Admission, Filter, run.Time), "dispatcher");
        Buffer.Tell(new TrajectoryBufferActor.AttachDispatcher(Dispatcher));
        Engines = [.. Enumerable.Range(0, run.Engines).Select(index => StartEngine(context, index))];

        var assembler = new BatchAssembler(settings.Group, settings.Expert, settings.ScheduleUpdates);
        Learner = context.StartLearner(
            new LearnerParts
            {
                Learner = Keep(run.Backend.CreateLearner()),
                Assembler = assembler,
                Plan = run.LearnerPlan,
                Checkpoints = Checkpoints,
                Buffer = Buffer,
                Time = run.Time,
                Faults = run.Faults,
            }
        );

        IGenerationEngine measuring = Keep(run.Backend.CreateEngine(run.Engines, isolateRequests: false));
        var evaluator = new ModelEvaluator([measuring], run.Backend.Tokenizer, settings.Verification.Timeout);
        Evaluator = Start(
            context,
            EvaluatorActor.Props(measuring, (questions, token) =>
                evaluator.EvaluateAsync(run.Task, run.Verifier, EvaluationOf(questions), token)
            ),
            "evaluator"
        );
    }

    /// <summary>Ends open rollouts and waits until every message so far is recorded.</summary>
    /// <exception cref="AskTimeoutException">A part did not answer in time.</exception>
    public async Task DrainAsync(TimeSpan deadline)
    {
        await Task.WhenAll(Engines.Select(engine => engine.Ask<GenerationStopped>(new StopGenerating(deadline), deadline)))
            .ConfigureAwait(false);
        await Verifier.Ask<VerifierActor.Idle>(VerifierActor.ReportIdle.Instance, deadline).ConfigureAwait(false);

        // Asked in the order in which messages flow: what one actor sent before its answer is in the next mailbox before the question.
        await Filter.Ask<ActorIdentity>(new Identify("filter"), deadline).ConfigureAwait(false);
        await Buffer.Ask<TrajectoryBufferActor.Flushed>(TrajectoryBufferActor.Flush.Instance, deadline).ConfigureAwait(false);
    }

    /// <summary>Ends engines and learner (each has its own deadline for its thread), then closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] compute = [.. _compute];
        IDisposable[] files = [.. _files];
        _compute.Clear();
        _files.Clear();
        try
        {
            await Task.WhenAll(compute.Select(part => part.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
        finally
        {
            foreach (IDisposable file in files)
            {
                file.Dispose();
            }
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

    private IActorRef StartEngine(IActorContext context, int index)
    {
        IGenerationEngine engine = Keep(run.Backend.CreateEngine(index, run.IsSynchronous));
        var runner = new LeaseRunner(engine, run.Backend.Tokenizer, run.Task, run.Sampler);
        IActorRef started = Start(
            context,
            EngineActor.Props(engine, workers =>
                [
                    workers.ActorOf(RolloutActor.Props(runner, Dispatcher, Verifier), "rollout"),
                    workers.ActorOf(ExpertRolloutActor.Props(run.Settings.Expert.Source, runner, Dispatcher, Verifier, Filter), "expert"),
                ]
            ),
            $"engine-{index}"
        );
        EngineActor.Subscribe(context.System, started);
        return started;
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _compute.Add(part);
        return part;
    }

    private static IActorRef Start(IActorContext context, Props props, string name) => context.Watch(context.ActorOf(props, name));
}
