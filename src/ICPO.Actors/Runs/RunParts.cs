using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Filtering;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.Rollouts;
using ICPO.Actors.Verification;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Runs;

/// <summary>The actors of a run and what they hold; ends what computes and what writes when the run ends.</summary>
internal sealed class RunParts(RunPlan plan) : IAsyncDisposable
{
    /// <summary>Longest start of the journal.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Longest way back to the last committed update.</summary>
    public static readonly TimeSpan RecoveryTimeout = TimeSpan.FromHours(1);

    private readonly List<IAsyncDisposable> _compute = [];
    private readonly List<IDisposable> _files = [];

    public IActorRef Buffer { get; private set; } = ActorRefs.Nobody;

    public IActorRef Filter { get; private set; } = ActorRefs.Nobody;

    public IActorRef Verifier { get; private set; } = ActorRefs.Nobody;

    public IActorRef Dispatcher { get; private set; } = ActorRefs.Nobody;

    public IActorRef Learner { get; private set; } = ActorRefs.Nobody;

    public IActorRef Evaluator { get; private set; } = ActorRefs.Nobody;

    public ImmutableArray<IActorRef> Engines { get; private set; } = [];

    public void StartBuffer(IActorContext context)
    {
        var payloads = new SegmentLog(plan.Directory.Payloads, plan.Settings.Journal.KeepsAll ? 64 << 20 : 8 << 20);
        _files.Add(payloads);
        var settings = new BufferSettings(
            plan.Settings.Journal.Synchronous == "full",
            plan.Settings.Admission.HardStalenessBound,
            plan.Settings.Journal.SnapshotEvery,
            plan.Settings.Checkpoint.Keep
        )
        {
            RunId = plan.Settings.RunId,
            RolloutDelay = plan.Settings.Journal.RolloutDelay,
            KeepsAll = plan.Settings.Journal.KeepsAll,
        };
        Buffer = context.Watch(context.ActorOf(TrajectoryBufferActor.Props(payloads, settings, plan.Faults), "trajectory-buffer"));
    }

    public IActorRef StartMetrics(IActorContext context, RunClock clock, BufferRecovered state)
    {
        var recorder = new RunRecorder(plan.Directory, plan.Settings.Metrics.SamplesPerUpdate, plan.Time);
        _files.Add(recorder);
        IActorRef metrics = context.ActorOf(MetricsActor.Props(recorder, plan.Progress, clock, state, plan.Settings.Updates), "metrics");
        MetricsActor.Subscribe(context.System, metrics);
        return metrics;
    }

    public void StartWorkers(IActorContext context)
    {
        RunSettings settings = plan.Settings;
        Filter = Start(context, FilterActor.Props(settings.Expert, settings.Group, settings.Seed, Buffer, Keeping), "filter");
        int configured = settings.Verification.Parallel > 0 ? settings.Verification.Parallel : Environment.ProcessorCount;
        int parallel = plan.Verifier.Concurrency ?? configured;
        if (plan.Verifier is { EnforcesDeadline: true } and IAsyncDisposable disposable)
        {
            Keep(disposable);
        }

        Verifier = Start(context, VerifierActor.Props(plan.Verifier, settings.Verification.Timeout, parallel, Filter), "verifier");
        var planner = new GroupPlanner(plan.Task, plan.Backend.Tokenizer, settings.Group, settings.Expert, settings.Seed);
        Dispatcher = Start(context, DispatcherActor.Props(planner, settings.Group, settings.Admission, Filter, plan.Time), "dispatcher");
        Buffer.Tell(new TrajectoryBufferActor.Serve(Dispatcher));
        Engines = [.. Enumerable.Range(0, plan.Engines).Select(index => StartEngine(context, index))];

        var assembler = new BatchAssembler(settings.Group, settings.Expert, settings.Updates);
        Learner = Start(
            context,
            LearnerActor.Props(Keep(plan.Backend.CreateLearner()), assembler, plan.LearnerPlan, Buffer, plan.Time, plan.Faults),
            "learner"
        );

        IGenerationEngine measuring = Keep(plan.Backend.CreateEngine(plan.Engines, isolateRequests: false));
        var evaluator = new ModelEvaluator([measuring], plan.Backend.Tokenizer, settings.Verification.Timeout);
        Evaluator = Start(
            context,
            EvaluatorActor.Props(measuring, (questions, token) =>
                evaluator.EvaluateAsync(
                    plan.Task,
                    plan.Verifier,
                    questions,
                    settings.Evaluation.Samples,
                    plan.Sampler,
                    demonstrations: 0,
                    Seed.Derive(settings.Seed, "evaluation"),
                    token
                )
            ),
            "evaluator"
        );
    }

    /// <summary>Ends open rollouts and waits until all that was said is recorded.</summary>
    /// <exception cref="AskTimeoutException">A part did not answer in time.</exception>
    public async Task DrainAsync(TimeSpan deadline)
    {
        await Task.WhenAll(Engines.Select(engine => engine.Ask<GenerationStopped>(new StopGenerating(deadline), deadline)))
            .ConfigureAwait(false);
        await Verifier.Ask<VerifierActor.Idle>(VerifierActor.ReportIdle.Instance, deadline).ConfigureAwait(false);

        // Asked in the order in which messages flow: what the answer of one says is in the next one's mailbox before the question.
        await Filter.Ask<ActorIdentity>(new Identify("filter"), deadline).ConfigureAwait(false);
        await Buffer.Ask<TrajectoryBufferActor.Settled>(TrajectoryBufferActor.ReportSettled.Instance, deadline).ConfigureAwait(false);
    }

    /// <summary>Ends engines and learner (each has a deadline of its own for its thread), then closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] compute = [.. _compute];
        IDisposable[] files = [.. _files];
        _compute.Clear();
        _files.Clear();
        await Task.WhenAll(compute.Select(part => part.DisposeAsync().AsTask())).ConfigureAwait(false);
        foreach (IDisposable file in files)
        {
            file.Dispose();
        }
    }

    private RolloutKeeping Keeping =>
        !plan.Settings.Journal.Rollouts ? RolloutKeeping.None
        : plan.IsSynchronous ? RolloutKeeping.WholeRequests
        : RolloutKeeping.Each;

    private IActorRef StartEngine(IActorContext context, int index)
    {
        IGenerationEngine engine = Keep(plan.Backend.CreateEngine(index, plan.IsSynchronous));
        var runner = new LeaseRunner(engine, plan.Backend.Tokenizer, plan.Task, plan.Sampler);
        IActorRef started = Start(
            context,
            EngineActor.Props(engine, workers =>
                [
                    workers.ActorOf(RolloutActor.Props(runner, Dispatcher, Verifier), "rollout"),
                    workers.ActorOf(ExpertRolloutActor.Props(plan.Settings.Expert.Source, runner, Dispatcher, Verifier, Filter), "expert"),
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
