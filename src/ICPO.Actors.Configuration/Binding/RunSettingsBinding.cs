using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Tasks;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>
/// Reads every key of reference.conf into <see cref="RunSettings"/> and checks ranges and contradictions.
/// </summary>
internal static class RunSettingsBinding
{
    private const int MaxUpdates = 100_000_000,
        MaxQuestions = 100_000_000,
        MaxTokens = 1 << 24,
        MaxThreads = 1_024;

    public static RunSettings Bind(SettingsReader read)
    {
        string preset = read.Text("preset");
        string name = read.Text("run.name");
        int updates = read.Int("run.updates", 1, MaxUpdates);
        int schedule = read.Int("run.schedule-updates", 0, MaxUpdates) is > 0 and var longer ? longer : updates;
        TaskSettings task = TaskSettingsBinding.Bind(read);
        AdmissionSettings admission = Admission(read);
        SamplerSettings sampler = Sampler(read);
        ModelSettings model = Model(read);
        var settings = new RunSettings
        {
            Preset = preset,
            Name = name.Length > 0 ? name : preset,
            Directory = read.Text("run.directory"),
            RunId = read.Text("run.id"),
            Seed = read.Seed("run.seed"),
            Updates = updates,
            ChecksMemory = read.Choice("run.memory-check", ["stop", "warn"]) == "stop",
            ScheduleUpdates = schedule,
            Health = HealthBinding.Bind(read),
            Task = task,
            Verification = VerificationBinding.Bind(read, task),
            Model = model,
            Sampler = sampler,
            Group = GroupBinding.Group(read, task, sampler),
            Expert = GroupBinding.Expert(read),
            Learner = Learner(read, model, sampler, admission, schedule),
            LearnerTimeout = read.Duration("learner.timeout"),
            Admission = admission,
            Selection = new SelectionSettings
            {
                Selector = read.Choice<GroupSelector>("buffer.selector"),
                SamplesPerInsert = read.Int("buffer.samples-per-insert", 1, 1_000),
            },
            EngineKind = read.Text("engine.kind"),
            Servers = InferenceServerBinding.Bind(read),
            Engine = new EngineSettings
            {
                Slots = read.Int("engine.slots", 1, 65_536),
                Context = read.Int("engine.context", 0, MaxTokens),
                Threads = read.Int("engine.threads", 1, MaxThreads),
                Swap = read.Choice<SwapMode>("engine.swap"),
                InFlight = read.Choice<InFlightMode>("engine.in-flight"),
            },
            Engines = read.Int("engine.count", 0, MaxThreads),
            Evaluation = Evaluation(read),
            Checkpoint = new CheckpointSettings(read.Int("checkpoint.every", 0, MaxUpdates), read.Int("checkpoint.keep", 1, MaxUpdates)),
            Journal = Journal(read),
            Metrics = new MetricsSettings(
                read.Int("metrics.samples-per-update", 0, 1_000_000),
                read.Int("metrics.rejected-per-update", 0, 1_000_000)
            ),
            Cluster = ClusterBinding.Bind(read),
            Telemetry = TelemetryBinding.Bind(read),
            Shutdown = new ShutdownSettings(read.Duration("shutdown.stop-timeout"), read.Duration("shutdown.terminate-timeout")),
        };
        if (!read.HasInvalidValues)
        {
            RunSettingsChecks.Check(read, settings);
        }

        return settings;
    }

    private static SamplerSettings Sampler(SettingsReader read) =>
        new()
        {
            Temperature = read.Number("sampler.temperature", 0),
            TopP = read.Number("sampler.top-p", 0, 1, above: true),
            TopK = read.Int("sampler.top-k", 0, MaxTokens),
            MinP = read.Number("sampler.min-p", 0, 1),
            MaxTokens = read.Int("sampler.max-tokens", 0, MaxTokens),
        };

    private static LearnerSettings Learner(
        SettingsReader read,
        ModelSettings model,
        SamplerSettings sampler,
        AdmissionSettings admission,
        int schedule
    ) =>
        new()
        {
            MicroBatchTokens = read.Int("learner.micro-batch-tokens", 1, MaxTokens),
            MiniBatches = read.Int("learner.mini-batches", 1, 65_536),

            // Tokens are scored at the temperature that they were sampled at; greedy decoding is not meant for training.
            Temperature = sampler.Temperature > 0 ? sampler.Temperature : 1,
            Threads = read.Int("learner.threads", 1, MaxThreads),
            MixedPrecision = model.DType == "bfloat16",
            GradientCheckpointing = read.Flag("learner.gradient-checkpointing"),
            LogitsChunk = read.Int("learner.logits-chunk", 0, MaxTokens),
            Objective = ObjectiveBinding.Bind(read, admission),
            Optimizer = Optimizer(read, schedule),
        };

    private static EvaluationSettings Evaluation(SettingsReader read) =>
        new()
        {
            Every = read.Int("evaluation.every", 0, MaxUpdates),
            Questions = read.Int("evaluation.questions", 1, MaxQuestions),
            FinalQuestions = read.Int("evaluation.final-questions", 1, MaxQuestions),
            Samples = read.Int("evaluation.samples", 1, 65_536),
            AtStart = read.Flag("evaluation.at-start"),
            AtEnd = read.Flag("evaluation.at-end"),
            Timeout = read.Duration("evaluation.timeout"),
            DataDirectory = read.Text("evaluation.data-directory"),
        };

    private static JournalSettings Journal(SettingsReader read) =>
        new()
        {
            Path = read.Text("journal.path"),
            ConnectionString = read.Text("journal.connection-string"),
            Synchronous = read.Choice("journal.synchronous", ["full", "normal"]),
            SnapshotEvery = read.Int("journal.snapshot-every", 1, 1_000_000),
            KeepsAll = read.Choice("journal.keep", ["all", "checkpoint"]) == "all",
            Payloads = read.Choice<PayloadPlace>("journal.payloads"),
            OutageTimeout = read.Duration("journal.outage-timeout", SettingsReader.MaxHours / 2), // other waits are twice as long
            Rollouts = read.Flag("journal.rollouts"),
            RolloutDelay = read.Duration("journal.rollout-delay", allowZero: true),
        };

    private static OptimizerSettings Optimizer(SettingsReader read, int schedule) =>
        new()
        {
            LearningRate = read.Number("optimizer.learning-rate", 0, above: true),
            Beta1 = read.Number("optimizer.beta1", 0, 1),
            Beta2 = read.Number("optimizer.beta2", 0, 1),
            Epsilon = read.Number("optimizer.epsilon", 0, above: true),
            WeightDecay = read.Number("optimizer.weight-decay", 0),
            GradientClip = read.NumberOrOff("optimizer.gradient-clip", 0, above: true),
            Schedule = read.Choice<LearningRateSchedule>("optimizer.schedule"),
            WarmupUpdates = read.Int("optimizer.warmup-updates", 0, MaxUpdates),
            MinimumShare = read.Number("optimizer.minimum-share", 0, 1),
            TotalUpdates = schedule,
        };

    private static ModelSettings Model(SettingsReader read)
    {
        var lora = new LoraSettings
        {
            Rank = read.Int("model.lora.rank", 0, 65_536),
            Alpha = read.Number("model.lora.alpha", 0, above: true),
            UseRslora = read.Flag("model.lora.rank-stabilized"),
            Targets = read.List("model.lora.targets"),
        };
        read.Require(lora.Targets.Count > 0, $"icpo.model.lora.targets is empty; list layers, or set it to {LoraSettings.AllLinear}.");
        return new ModelSettings(
            read.Text("model.path"),
            read.Text("model.adapter"),
            read.Choice("model.device", ["cpu", "cuda"]),
            read.Choice("model.dtype", ["float32", "bfloat16", "auto"]),
            lora.Rank > 0 ? lora : null
        )
        {
            SpecialTokens = read.Choice<SpecialTokenRule>("model.special-tokens"),
        };
    }

    private static AdmissionSettings Admission(SettingsReader read) =>
        new()
        {
            MaxStaleness = read.Int("admission.max-staleness", 0, 1_000_000),
            MaxRunningGroups = read.Int("admission.max-running-groups", 1, 1_000_000),
            HardStalenessBound = read.IntOrOff("admission.hard-staleness-bound", 0, 1_000_000),
            MaxQueueAge = read.IntOrOff("admission.max-queue-age", 0, 1_000_000),
            LeaseTimeout = read.Duration("admission.lease-timeout"),
            StallTimeout = read.Duration("admission.stall-timeout"),
            FaultTimeout = read.Duration("admission.fault-timeout"),
            LeaseAttempts = read.Int("admission.lease-attempts", 1, 1_000),
        };
}
