using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Tasks;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>
/// Reads every key of the reference into <see cref="RunSettings"/>: the one place that knows keys, ranges and contradictions.
/// </summary>
internal static class RunSettingsBinding
{
    public static RunSettings Bind(SettingsReader read)
    {
        string preset = read.Text("preset");
        string name = read.Text("run.name");
        int updates = read.Int("run.updates", 1);
        TaskSettings task = TaskSettingsBinding.Bind(read);
        AdmissionSettings admission = Admission(read);
        var sampler = new SamplerSettings
        {
            Temperature = read.Number("sampler.temperature", 0),
            TopP = read.Number("sampler.top-p", 0, 1, above: true),
            TopK = read.Int("sampler.top-k", 0),
            MinP = read.Number("sampler.min-p", 0, 1),
            MaxTokens = read.Int("sampler.max-tokens", 0),
        };
        ModelSettings model = Model(read);
        var settings = new RunSettings
        {
            Preset = preset,
            Name = name.Length > 0 ? name : preset,
            Directory = read.Text("run.directory"),
            RunId = read.Text("run.id"),
            Seed = read.Seed("run.seed"),
            Updates = updates,
            Task = task,
            Verification = VerificationBinding.Bind(read, task),
            Model = model,
            Sampler = sampler,
            Group = Group(read),
            Expert = Expert(read),
            Learner = new LearnerSettings
            {
                MicroBatchTokens = read.Int("learner.micro-batch-tokens", 1),
                MiniBatches = read.Int("learner.mini-batches", 1),

                // Re-scored at the temperature the tokens were drawn at; greedy decoding does not train.
                Temperature = sampler.Temperature > 0 ? sampler.Temperature : 1,
                Threads = read.Int("learner.threads", 1),
                MixedPrecision = model.DType == "bfloat16",
                GradientCheckpointing = read.Flag("learner.gradient-checkpointing"),
                LogitsChunk = read.Int("learner.logits-chunk", 0),
                Objective = Objective(read, admission),
                Optimizer = Optimizer(read, updates),
            },
            LearnerTimeout = read.Duration("learner.timeout"),
            Admission = admission,
            Engine = new EngineSettings
            {
                Slots = read.Int("engine.slots", 1),
                Context = read.Int("engine.context", 0),
                Threads = read.Int("engine.threads", 1),
            },
            Engines = read.Int("engine.count", 0),
            Evaluation = new EvaluationSettings(
                read.Int("evaluation.every", 0),
                read.Int("evaluation.questions", 1),
                read.Int("evaluation.final-questions", 1),
                read.Int("evaluation.samples", 1),
                read.Flag("evaluation.at-start"),
                read.Flag("evaluation.at-end"),
                read.Duration("evaluation.timeout"),
                read.Text("evaluation.data-directory")
            ),
            Checkpoint = new CheckpointSettings(read.Int("checkpoint.every", 0), read.Int("checkpoint.keep", 1)),
            Journal = new JournalSettings(
                read.Text("journal.path"),
                read.Text("journal.connection-string"),
                read.Choice("journal.synchronous", ["full", "normal"]),
                read.Int("journal.snapshot-every", 1),
                read.Choice("journal.keep", ["all", "checkpoint"]) == "all",
                read.Duration("journal.outage-timeout"),
                read.Flag("journal.rollouts"),
                read.Duration("journal.rollout-delay", orZero: true)
            ),
            Metrics = new MetricsSettings(read.Int("metrics.samples-per-update", 0)),
            Shutdown = new ShutdownSettings(read.Duration("shutdown.stop-timeout"), read.Duration("shutdown.terminate-timeout")),
        };
        if (!read.HasRefused)
        {
            Check(read, settings);
        }

        return settings;
    }

    private static GroupSettings Group(SettingsReader read) =>
        new()
        {
            PolicyRollouts = read.Int("group.policy-rollouts", 0, 4096),
            ExpertRollouts = read.Int("group.expert-rollouts", 0, 4096),
            GroupsPerUpdate = read.Int("group.groups-per-update", 1),
            Advantage = read.Choice<AdvantageKind>("group.advantage"),
            AdvantageEpsilon = read.Number("group.advantage-epsilon", 0),
            NegativeWeight = read.Number("group.negative-weight", 0),
            DynamicSampling = read.Flag("group.dynamic-sampling"),
        };

    private static ExpertSettings Expert(SettingsReader read) =>
        new()
        {
            Source = read.Choice<ExpertSource>("expert.source"),
            Demonstrations = read.Int("expert.demonstrations", 1),
            RejectSampling = read.Flag("expert.reject-sampling"),
            RegionThreshold = read.Number("expert.region-threshold", 0, 1),
            Bonus = read.Choice<BonusSchedule>("expert.bonus"),
            BonusSize = read.Number("expert.bonus-size", 0),
            BonusTimeConstant = read.Number("expert.bonus-time-constant", 0, above: true),
        };

    private static ObjectiveSettings Objective(SettingsReader read, AdmissionSettings admission) =>
        new()
        {
            ClipLow = read.Number("objective.clip-low", 0),
            ClipHigh = read.Number("objective.clip-high", 0),
            DualClip = read.NumberOrOff("objective.dual-clip", 1, above: true),
            Aggregation = read.Choice<LossAggregation>("objective.aggregation"),
            AggregationConstant = read.Number("objective.aggregation-constant", 0, above: true),
            ExpertShape = read.Choice<ExpertShape>("objective.expert-shape"),
            ExpertDenominator = read.Choice<ExpertDenominator>("objective.expert-denominator"),
            Lambda = read.Number("objective.lambda", 0, above: true),
            ExpertLogProbabilityFloor = read.NumberOrOff("objective.expert-log-probability-floor", double.MinValue),
            KlCoefficient = read.Number("objective.kl-coefficient", 0),
            EntropyCoefficient = read.Number("objective.entropy-coefficient", 0),
            Correction = read.Choice<StalenessCorrection>(
                "objective.correction",
                "auto",
                admission.MaxStaleness > 0 ? StalenessCorrection.Decoupled : StalenessCorrection.None
            ),
            Proximal = read.Choice<ProximalPolicy>("objective.proximal"),
            WeightCap = read.Number("objective.weight-cap", 0, above: true),
            BandLow = read.Number("objective.band-low", 0),
            BandHigh = read.Number("objective.band-high", 0, above: true),
            SequenceMaskWeight = read.Choice<SequenceMaskWeight>("objective.sequence-mask-weight"),
            TvThreshold = read.Number("objective.tv-threshold", 0, above: true),
        };

    private static OptimizerSettings Optimizer(SettingsReader read, int updates) =>
        new()
        {
            LearningRate = read.Number("optimizer.learning-rate", 0, above: true),
            Beta1 = read.Number("optimizer.beta1", 0, 1),
            Beta2 = read.Number("optimizer.beta2", 0, 1),
            Epsilon = read.Number("optimizer.epsilon", 0, above: true),
            WeightDecay = read.Number("optimizer.weight-decay", 0),
            GradientClip = read.NumberOrOff("optimizer.gradient-clip", 0, above: true),
            Schedule = read.Choice<LearningRateSchedule>("optimizer.schedule"),
            WarmupUpdates = read.Int("optimizer.warmup-updates", 0),
            MinimumShare = read.Number("optimizer.minimum-share", 0, 1),
            TotalUpdates = updates,
        };

    private static ModelSettings Model(SettingsReader read)
    {
        var lora = new LoraSettings
        {
            Rank = read.Int("model.lora.rank", 0),
            Alpha = read.Number("model.lora.alpha", 0, above: true),
            UseRslora = read.Flag("model.lora.rank-stabilised"),
            Targets = read.List("model.lora.targets"),
        };
        read.Require(lora.Targets.Count > 0, $"icpo.model.lora.targets is empty; name layers, or {LoraSettings.AllLinear}.");
        return new ModelSettings(
            read.Text("model.path"),
            read.Text("model.adapter"),
            read.Choice("model.device", ["cpu", "cuda"]),
            read.Choice("model.dtype", ["float32", "bfloat16"]),
            lora.Rank > 0 ? lora : null
        );
    }

    private static AdmissionSettings Admission(SettingsReader read) =>
        new()
        {
            MaxStaleness = read.Int("admission.max-staleness", 0),
            MaxRunningGroups = read.Int("admission.max-running-groups", 1),
            HardStalenessBound = read.IntOrOff("admission.hard-staleness-bound", 0),
            LeaseTimeout = read.Duration("admission.lease-timeout"),
            LeaseAttempts = read.Int("admission.lease-attempts", 1),
        };

    private static void Check(SettingsReader read, RunSettings settings)
    {
        (GroupSettings group, ObjectiveSettings objective) = (settings.Group, settings.Learner.Objective);
        int sampled = group.PolicyRollouts + group.ExpertRollouts;
        int kept = settings.Expert.RejectSampling ? Math.Max(group.PolicyRollouts, 1) : sampled;
        read.Require(
            sampled > 0,
            "icpo.group.policy-rollouts and icpo.group.expert-rollouts are both 0; a group needs at least one rollout."
        );
        read.Require(
            group.Advantage == AdvantageKind.One || kept > 1 || sampled == 0,
            "icpo.group keeps one rollout per group, whose advantage is always 0; raise icpo.group.policy-rollouts or set icpo.group.advantage = one."
        );
        read.Require(
            objective.BandLow < objective.BandHigh,
            $"icpo.objective.band-low = {objective.BandLow} is not below icpo.objective.band-high = {objective.BandHigh}."
        );
        read.Require(
            settings.Learner.Optimizer.WarmupUpdates <= settings.Updates,
            $"icpo.optimizer.warmup-updates = {settings.Learner.Optimizer.WarmupUpdates} is beyond icpo.run.updates = {settings.Updates}."
        );
        read.Require(
            settings.Learner.MiniBatches <= group.GroupsPerUpdate,
            $"icpo.learner.mini-batches = {settings.Learner.MiniBatches} is more than icpo.group.groups-per-update = {group.GroupsPerUpdate}."
        );
        read.Require(
            settings.Journal.Path.Length > 0 || settings.Journal.ConnectionString.Length > 0,
            "icpo.journal.path and icpo.journal.connection-string are both empty; name a file."
        );
        string? problem = JournalProblem(settings.Journal);
        read.Require(problem is null, $"icpo.journal.connection-string cannot be read ({problem}); write {JournalConnection.Forms}.");
        read.Require(
            settings.RunId.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'),
            $"icpo.run.id = {settings.RunId} may hold letters, digits, '-', '_' and '.' only."
        );
    }

    private static string? JournalProblem(JournalSettings journal)
    {
        try
        {
            _ = journal.ConnectionString.Length > 0 ? JournalConnection.Parse(journal.ConnectionString) : null;
            return null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return error.Message;
        }
    }
}
