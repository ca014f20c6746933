using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>All settings of a run; one record per section of <c>reference.conf</c>, which documents every value.</summary>
public sealed record RunSettings
{
    public required string Preset { get; init; }

    /// <summary>For the report; the preset's name where configuration gives none.</summary>
    public required string Name { get; init; }

    /// <summary>The run's directory; empty leaves the choice to the run.</summary>
    public required string Directory { get; init; }

    /// <summary>What the journal calls the run; empty in runs of earlier versions, whose journal is theirs alone.</summary>
    public required string RunId { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>T.</summary>
    public required int Updates { get; init; }

    public required TaskSettings Task { get; init; }

    public required VerificationSettings Verification { get; init; }

    public required ModelSettings Model { get; init; }

    /// <summary>Sampler of training and evaluation; 0 tokens means the task's own limit.</summary>
    public required SamplerSettings Sampler { get; init; }

    public required GroupSettings Group { get; init; }

    public required ExpertSettings Expert { get; init; }

    /// <summary>Learner, objective and optimizer.</summary>
    public required LearnerSettings Learner { get; init; }

    /// <summary>Longest update, publication or checkpoint.</summary>
    public required TimeSpan LearnerTimeout { get; init; }

    public required AdmissionSettings Admission { get; init; }

    public required EngineSettings Engine { get; init; }

    /// <summary>Generation engines as configured; 0 is one per core.</summary>
    public required int Engines { get; init; }

    /// <summary>η = 0: one engine that decodes one request at a time, so that a run is a function of its seed, bit for bit.</summary>
    public bool IsSynchronous => Admission.MaxStaleness == 0;

    /// <summary>Generation engines that start, the evaluator's own not counted.</summary>
    public int EngineCount =>
        IsSynchronous ? 1
        : Engines > 0 ? Engines
        : Environment.ProcessorCount;

    public required EvaluationSettings Evaluation { get; init; }

    public required CheckpointSettings Checkpoint { get; init; }

    public required JournalSettings Journal { get; init; }

    public required MetricsSettings Metrics { get; init; }

    public required ShutdownSettings Shutdown { get; init; }
}

/// <summary>How responses are judged.</summary>
/// <param name="Verifier">Name of the verifier.</param>
/// <param name="Settings">How strict it is.</param>
/// <param name="Timeout">A verdict that takes longer is <see cref="Verdict.TimedOut"/>.</param>
/// <param name="Parallel">Verdicts worked on at once; 0 is one per core.</param>
public sealed record VerificationSettings(string Verifier, VerifierSettings Settings, TimeSpan Timeout, int Parallel)
{
    /// <summary>The task whose own verifier is meant by <c>builtin</c>.</summary>
    public TaskSettings Task { get; init; } = new();

    public VerifierIsolation Isolation { get; init; } = VerifierIsolation.Auto;

    /// <summary>Largest managed heap of a worker process, in MB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>The program of worker processes; empty: icpo itself.</summary>
    public string Executable { get; init; } = "";
}

/// <summary>Where built-in verifiers run.</summary>
public enum VerifierIsolation
{
    /// <summary>In processes where a response could keep them busy, else on threads.</summary>
    Auto,

    /// <summary>In supervised processes.</summary>
    Process,

    /// <summary>On threads of this process.</summary>
    Thread,
}

/// <summary>The base model and how it is computed.</summary>
/// <param name="Path">A Hugging Face directory, a GGUF file or an adapter's directory; empty is the bundled base model.</param>
/// <param name="Adapter">A PEFT directory that is merged into the model while it is read; empty is none.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="DType"><c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Lora">The adapter that is trained instead of the weights; null trains all weights.</param>
public sealed record ModelSettings(string Path, string Adapter, string Device, string DType, LoraSettings? Lora);

/// <summary>When and how far the policy is evaluated on held-out questions.</summary>
/// <param name="Every">Updates between two evaluations; 0 leaves out those in between.</param>
/// <param name="Questions">Questions of an evaluation in between.</param>
/// <param name="FinalQuestions">Questions at start and end.</param>
/// <param name="Samples">Responses per question.</param>
/// <param name="AtStart">Evaluate before the first update.</param>
/// <param name="AtEnd">Evaluate after the last update.</param>
/// <param name="Timeout">Deadline of one evaluation.</param>
/// <param name="DataDirectory">Where the files of benchmarks are looked for.</param>
public sealed record EvaluationSettings(
    int Every,
    int Questions,
    int FinalQuestions,
    int Samples,
    bool AtStart,
    bool AtEnd,
    TimeSpan Timeout,
    string DataDirectory
);

/// <summary>When checkpoints are written (0: at the end only) and how many of the newest are kept.</summary>
public sealed record CheckpointSettings(int Every, int Keep);

/// <summary>The journal.</summary>
/// <param name="Path">SQLite file, relative to the run's directory.</param>
/// <param name="ConnectionString">Used instead of <paramref name="Path"/> where not empty: of SQLite, or of a PostgreSQL server.</param>
/// <param name="Synchronous">SQLite's <c>synchronous</c>: <c>full</c> or <c>normal</c>.</param>
/// <param name="SnapshotEvery">Events between two snapshots.</param>
/// <param name="KeepsAll">False where events and payloads go that no checkpoint that is kept needs.</param>
/// <param name="OutageTimeout">How long a database server that does not answer is waited for.</param>
/// <param name="Rollouts">Put rollouts of undecided groups into the journal.</param>
/// <param name="RolloutDelay">How long such a rollout waits for its siblings first.</param>
public sealed record JournalSettings(
    string Path,
    string ConnectionString,
    string Synchronous,
    int SnapshotEvery,
    bool KeepsAll,
    TimeSpan OutageTimeout,
    bool Rollouts,
    TimeSpan RolloutDelay
);

/// <summary>Rollouts written per update.</summary>
public sealed record MetricsSettings(int SamplesPerUpdate);

/// <summary>Deadlines of a stop and of the actor system's end.</summary>
public sealed record ShutdownSettings(TimeSpan StopTimeout, TimeSpan TerminateTimeout);
