using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Faults;
using ICPO.Actors.Learning;
using ICPO.Actors.Nodes;
using ICPO.Actors.Ownership;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Runs;

/// <summary>
/// Everything that a run needs before its first actor starts: settings, directory, task, verifier, model. Errors in any of it are
/// reported before anything is written.
/// </summary>
public sealed class RunContext
{
    public required RunSettings Settings { get; init; }

    public required RunDirectory Directory { get; init; }

    public required ITask Task { get; init; }

    public required IVerifier Verifier { get; init; }

    public required IPolicyBackend Backend { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Crash points for recovery tests. None by default.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>The connection of this process's node to the core.</summary>
    internal INodeTransport Transport { get; init; } = DirectTransport.Instance;

    /// <summary>The description for nodes of other processes; null if all nodes are in this one.</summary>
    internal ICoreEndpoint? Endpoint { get; set; }

    /// <summary>The roles of this process besides the core; empty if other processes have all of them.</summary>
    internal ImmutableArray<NodeRole> LocalRoles { get; set; } = [NodeRole.Rollout, NodeRole.Expert, NodeRole.Verifier];

    /// <summary>The intervals at which node and core repeat messages.</summary>
    internal ProtocolTimings Timings { get; init; } = new();

    /// <summary>
    /// Messages for the owner about configuration, verifier and data before the run starts, one sentence each; written to the log and to
    /// <see cref="RunProgress.Message"/>.
    /// </summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The first prompt as it is sent to the model, one line; null if it is the question itself. Written to the log.</summary>
    public string? FirstPrompt { get; init; }

    /// <summary>The estimated disk usage of the run, as a sentence; null if that is not known.</summary>
    public string? DiskUse { get; init; }

    /// <summary>Wall time of earlier starts.</summary>
    public TimeSpan ElapsedBefore { get; init; }

    /// <summary>Accuracy before training, if an earlier start measured it.</summary>
    public double? AccuracyBefore { get; init; }

    public RunContext() => Run = new IcpoRun(this);

    /// <summary>The run as its owner sees it.</summary>
    public IcpoRun Run { get; }

    /// <summary>Keeps other processes out of the directory until the run has ended.</summary>
    internal RunLock? Lock { get; set; }

    /// <summary>Ends when the run's learner and engines have ended, which may be after the run has.</summary>
    internal Task ComputeEnded { get; set; } = System.Threading.Tasks.Task.CompletedTask;

    /// <summary>
    /// Releases the run's directory: at once, or else when what still computes has ended, since that may write to it. The process's exit
    /// does not wait for that.
    /// </summary>
    internal async Task ReleaseAsync()
    {
        if (Lock is not { } taken)
        {
            return;
        }

        void Release(object? sender, EventArgs exit) => taken.Dispose();
        AppDomain.CurrentDomain.ProcessExit += Release;
        await ComputeEnded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        taken.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= Release;
    }

    /// <summary>True for a run that this process owns, and not for one that is only read.</summary>
    internal bool IsLocked => Lock is not null;

    /// <summary>The location of the complete log: a run in the host app's actor system logs only to the app.</summary>
    internal string SeeLog => HasOwnHost ? $"see {Directory.Log}" : "see the app's log";

    /// <exception cref="IOException">The directory was removed since this process took it.</exception>
    internal void RequireDirectory()
    {
        if (IsLocked && Directory.IsRemoved)
        {
            throw new IOException(Directory.RemovedMessage);
        }
    }

    /// <summary>True if the actor system was started for this run only and ends with it.</summary>
    internal bool HasOwnHost { get; set; }

    /// <summary>True for a run that has not been started before; its journal must be empty.</summary>
    internal bool IsNew { get; init; }

    /// <summary>The name of this core, which is reported by the core that it replaces.</summary>
    internal string NodeName { get; set; } = OwnerClaim.ThisProcess;

    /// <summary>The claim with which this core takes ownership if the journal is on a server; one value per start.</summary>
    internal OwnerClaim Claim => field ??= new OwnerClaim(Settings.RunId, NodeName, IsNew);

    internal JournalDatabase Database => JournalDatabase.Create(Settings.Journal, Directory);

    internal ProgressHub Progress { get; } = new();

    /// <summary>The bus of the run's events.</summary>
    internal RunEventBus Events { get; } = new();

    /// <summary>The name of the run's actor; the actor system may host other runs.</summary>
    internal string ActorName => Settings.RunId.Length > 0 ? $"icpo-{Settings.RunId}" : "icpo";

    internal TaskCompletionSource<RunSummary> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The sampler, with the task's limit and stop strings if none are configured.</summary>
    public SamplerSettings Sampler =>
        Settings.Sampler with
        {
            MaxTokens = Settings.Sampler.MaxTokens > 0 ? Settings.Sampler.MaxTokens : Task.MaxTokens,
            StopStrings = Settings.Sampler.StopStrings.IsDefaultOrEmpty ? Task.StopStrings : Settings.Sampler.StopStrings,
        };

    /// <inheritdoc cref="RunSettings.IsSynchronous"/>
    public bool IsSynchronous => Settings.IsSynchronous;

    /// <inheritdoc cref="RunSettings.EngineCount"/>
    public int Engines => Settings.EngineCount;

    internal LearnerPlan LearnerPlan =>
        new(Settings.Updates, Settings.Group.GroupsPerUpdate, Settings.Checkpoint.Every)
        {
            Timeout = Settings.LearnerTimeout,
            RecordTimeout = Settings.LearnerTimeout + Settings.Journal.OutageTimeout,
        };

    internal ImmutableArray<Question> HeldOut(int count) => Task.HeldOut(Settings.Seed, count);
}
