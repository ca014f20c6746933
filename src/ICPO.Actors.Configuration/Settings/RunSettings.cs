using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Tasks;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>All settings of a run: one record per section of <c>reference.conf</c>, which documents every value.</summary>
public sealed record RunSettings
{
    public required string Preset { get; init; }

    /// <summary>Shown in the report; the name of the preset if not configured.</summary>
    public required string Name { get; init; }

    /// <summary>The run directory; empty lets the run choose one.</summary>
    public required string Directory { get; init; }

    /// <summary>Identifies the run in the journal; empty in runs of earlier versions, which have a journal to themselves.</summary>
    public required string RunId { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>T, the number of optimizer updates.</summary>
    public required int Updates { get; init; }

    /// <summary>True to reject a run that is estimated to need more memory than is available; false to report it.</summary>
    public required bool ChecksMemory { get; init; }

    /// <summary>Updates that the schedules of the learning rate and the expert bonus span.</summary>
    public required int ScheduleUpdates { get; init; }

    /// <summary>The bounds of the health rules, and the reaction to a report.</summary>
    public required HealthSettings Health { get; init; }

    public required TaskSettings Task { get; init; }

    public required VerificationSettings Verification { get; init; }

    public required ModelSettings Model { get; init; }

    /// <summary>Sampler of training and evaluation; with MaxTokens = 0 the task's own limit applies.</summary>
    public required SamplerSettings Sampler { get; init; }

    public required GroupSettings Group { get; init; }

    public required ExpertSettings Expert { get; init; }

    /// <summary>Learner, objective and optimizer.</summary>
    public required LearnerSettings Learner { get; init; }

    /// <summary>Deadline of one update, publication or checkpoint.</summary>
    public required TimeSpan LearnerTimeout { get; init; }

    public required AdmissionSettings Admission { get; init; }

    /// <summary>Which groups an update trains on, and how often.</summary>
    public required SelectionSettings Selection { get; init; }

    /// <summary>Which engines sample rollouts, by name.</summary>
    public required string EngineKind { get; init; }

    public required EngineSettings Engine { get; init; }

    /// <summary>The inference servers of <c>engine.kind = openai</c>.</summary>
    public required InferenceServerSettings Servers { get; init; }

    /// <summary>Generation engines as configured; 0 is one per core, or one per server.</summary>
    public required int Engines { get; init; }

    /// <summary>True if η = 0: one engine decodes one request at a time, so the run is bit-reproducible from its seed.</summary>
    public bool IsSynchronous => Admission.MaxStaleness == 0;

    /// <summary>Generation engines to start, not counting the evaluator's.</summary>
    public int EngineCount
    {
        get
        {
            if (IsSynchronous)
            {
                return 1;
            }

            return EngineKind == InferenceServerSettings.Kind ? Servers.Servers.Length
                : Engines > 0 ? Engines
                : Environment.ProcessorCount;
        }
    }

    public required EvaluationSettings Evaluation { get; init; }

    public required CheckpointSettings Checkpoint { get; init; }

    public required JournalSettings Journal { get; init; }

    public required MetricsSettings Metrics { get; init; }

    /// <summary>Monitoring of this process.</summary>
    public required TelemetrySettings Telemetry { get; init; }

    public required ShutdownSettings Shutdown { get; init; }

    /// <summary>Settings of this process in a cluster; unused by a run in one process.</summary>
    public required ClusterSettings Cluster { get; init; }
}

/// <summary>The base model, its device and precision.</summary>
/// <param name="Path">A Hugging Face directory, a GGUF file or an adapter directory; empty is the bundled base model.</param>
/// <param name="Adapter">A PEFT directory that is merged into the model when it is loaded; empty is none.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="DType"><c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Lora">The adapter to train instead of the weights; null trains all weights.</param>
public sealed record ModelSettings(string Path, string Adapter, string Device, string DType, LoraSettings? Lora)
{
    /// <summary>The special tokens around prompts.</summary>
    public SpecialTokenRule SpecialTokens { get; init; }
}

/// <summary>Checkpoints.</summary>
/// <param name="Every">Updates between two checkpoints; 0 writes one at the end only.</param>
/// <param name="Keep">How many of the newest checkpoints are kept.</param>
public sealed record CheckpointSettings(int Every, int Keep);

/// <summary>Metrics.</summary>
/// <param name="SamplesPerUpdate">Rollouts written to samples.jsonl per update.</param>
/// <param name="RejectedPerUpdate">Rejected rollouts whose text is written to rejected.jsonl between two updates.</param>
public sealed record MetricsSettings(int SamplesPerUpdate, int RejectedPerUpdate);

/// <summary>Shutdown deadlines.</summary>
/// <param name="StopTimeout">For the current update and the final checkpoint.</param>
/// <param name="TerminateTimeout">For the actor system.</param>
public sealed record ShutdownSettings(TimeSpan StopTimeout, TimeSpan TerminateTimeout);
