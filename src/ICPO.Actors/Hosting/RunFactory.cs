using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Engines;
using ICPO.Actors.Faults;
using ICPO.Actors.Inputs;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inputs;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Prepares runs from the configuration and from what the host app registered: an <see cref="ITask"/>, <see cref="IVerifier"/>,
/// <see cref="IDemonstrationPool"/>, <see cref="IPolicyBackend"/> or transient <see cref="IGenerationEngine"/> of the host app replaces
/// what the configuration names.
/// </summary>
public sealed class RunFactory(IcpoConfiguration configuration, IServiceProvider services, TimeProvider time)
{
    /// <summary>A factory of runs with parts, and perhaps a configuration, of their own.</summary>
    public RunFactory With(HostParts parts, IcpoConfiguration? own = null) =>
        new(own ?? configuration, new RunServices(parts, services), time);

    /// <summary>Prepares a new run in a new directory.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the task.</exception>
    /// <exception cref="RunExistsException">The directory holds a run already.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public RunContext Create()
    {
        IcpoConfiguration named = (
            configuration.Settings.RunId.Length > 0
                ? configuration
                : configuration.With([new("run.id", $"{time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}")])
        ).WithAbsolutePaths();
        named = WithPayloadPlace(named);
        RunSettings settings = named.Settings;
        RunClaim.RequireFree(settings);
        var parts = InProcessParts.Find(services);
        var inputs = InputCheck.Create(named, parts);
        Preparation preparation = Prepare(settings, parts, [], Start.New);
        (RunDirectory directory, RunLock taken) = RunClaim.Take(settings, time);
        try
        {
            RunRecords.WriteNew(directory, named, inputs, time);
            RunContext run = CreateContext(preparation, directory, EarlierStarts.Empty, isNew: true);
            run.Lock = taken;
            return run;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Prepares to continue a run from its last committed update under its stored configuration. The password of its journal's server is
    /// not stored: it comes from this configuration's <c>journal.connection-string</c>, PGPASSWORD or ~/.pgpass.
    /// </summary>
    /// <param name="path">The run's directory.</param>
    /// <param name="options">Changes to its configuration, and whether changed inputs are accepted; null for none.</param>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    /// <exception cref="ConfigurationException">A key that may not change is given another value.</exception>
    /// <exception cref="ChangedInputsException">Data, model or conventions differ from those at the start of the run.</exception>
    /// <exception cref="IOException">Another process runs it; names its host and id.</exception>
    public RunContext Resume(string path, ResumeOptions? options = null)
    {
        options ??= new ResumeOptions();
        var directory = new RunDirectory(Path.GetFullPath(path));

        // A directory without a run is not touched. Files that an owner may still be writing are read under the lock.
        _ = StoredConfiguration.Load(directory);
        var taken = RunLock.Take(directory, time);
        try
        {
            RunContext run = Resume(directory, options);
            run.Lock = taken;
            return run;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a run could be resumed here: data, model and settings fit. Nothing is locked or written.</summary>
    /// <param name="path">The run's directory.</param>
    /// <param name="options">As for <see cref="Resume(string, ResumeOptions?)"/>.</param>
    /// <exception cref="ConfigurationException">A key that may not change is given another value.</exception>
    /// <exception cref="ChangedInputsException">Data, model or conventions differ from those at the start of the run.</exception>
    internal async Task CheckResumeAsync(string path, ResumeOptions options)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        var resumed = ResumedConfiguration.Apply(StoredConfiguration.Load(directory).Configuration, options.Changes);
        var parts = InProcessParts.Find(services);
        _ = InputCheck.Compare(directory, resumed.Configuration, parts, options.AcceptChangedInputs);
        Preparation preparation = Prepare(WithPassword(resumed.Configuration.Settings), parts, [], Start.Resumed);
        if (parts.Verifier is null && preparation.Verifier is IAsyncDisposable own)
        {
            await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    private RunContext Resume(RunDirectory directory, ResumeOptions options)
    {
        (IcpoConfiguration stored, ImmutableArray<string> notes) = StoredConfiguration.Load(directory);
        var resumed = ResumedConfiguration.Apply(stored, options.Changes);
        var earlier = EarlierStarts.Read(directory);
        RunSettings settings = WithPassword(resumed.Configuration.Settings);
        if (settings.Updates < earlier.Updates)
        {
            throw new ArgumentException(
                $"icpo.run.updates = {settings.Updates} is less than the {earlier.Updates} updates that {directory.Path} has made; set at "
                    + "least that many."
            );
        }

        var parts = InProcessParts.Find(services);
        var inputs = InputCheck.Compare(directory, resumed.Configuration, parts, options.AcceptChangedInputs);
        Preparation preparation = Prepare(settings, parts, [.. notes, .. inputs.Notes], Start.Resumed);
        RunRecords.WriteResumed(directory, resumed, inputs, earlier.Updates, time);
        return CreateContext(preparation, directory, earlier, isNew: false);
    }

    /// <summary>Opens a run for reading: nothing is locked, and it cannot be started.</summary>
    /// <param name="path">The run's directory.</param>
    /// <param name="acceptChangedInputs">True also opens a run whose inputs have changed.</param>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    /// <exception cref="ChangedInputsException">Data, model or conventions differ from those at the start of the run.</exception>
    public RunContext OpenReadOnly(string path, bool acceptChangedInputs = false)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        IcpoConfiguration stored = StoredConfiguration.Load(directory).Configuration;
        var parts = InProcessParts.Find(services);
        var inputs = InputCheck.Compare(directory, stored.WithAbsolutePaths(), parts, acceptChangedInputs);
        ImmutableArray<string> changed = inputs.Changes.IsEmpty ? [] : inputs.Notes;
        return CreateContext(Prepare(stored.Settings, parts, changed, Start.ReadOnly), directory, EarlierStarts.Empty, isNew: false);
    }

    /// <summary>A run keeps the location of its payloads, independently of later defaults.</summary>
    private static IcpoConfiguration WithPayloadPlace(IcpoConfiguration configuration) =>
        configuration.Settings.Journal is { Payloads: PayloadPlace.Auto, IsServer: true }
            ? configuration.With([new("journal.payloads", "database")])
            : configuration;

    /// <summary>The password is taken from the changes or from the host app's configuration.</summary>
    private RunSettings WithPassword(RunSettings settings)
    {
        string given = configuration.Settings.Journal.ConnectionString;
        return settings with
        {
            Journal = settings.Journal with { ConnectionString = ConnectionSecret.Restore(settings.Journal.ConnectionString, given) },
        };
    }

    private Preparation Prepare(RunSettings settings, InProcessParts parts, ImmutableArray<string> known, Start start)
    {
        ITask task = parts.Task ?? ConfiguredTask.Create(settings);
        ConfiguredTask.RequireTraining(task);
        List<string> notes = [.. known, .. task.Notes];
        if (parts.Pool is { } pool)
        {
            task = new PooledTask(task, pool);
        }

        RunRequirements.Check(settings, task);

        // A verifier of the host app's own runs in this process, under the deadline.
        IVerifier verifier = parts.Verifier ?? RunVerifiers.Create(settings.Verification, task.StopStrings, notes.Add);
        if (start != Start.ReadOnly)
        {
            (verifier as IStartCheck)?.RequireStartable();
        }

        (task, ImmutableArray<string> audit) = GoldAudit.Check(task, verifier, settings.Verification.UnreadableGolds);
        notes.AddRange(start != Start.ReadOnly ? audit : []);

        if (start != Start.ReadOnly && parts.Backend is null)
        {
            CheckMemory(settings, start == Start.New, notes);
            settings = WithSwapMode(settings, notes);
        }

        ConfiguredBackend backend = Backend(settings, parts);
        notes.AddRange(start == Start.ReadOnly ? [] : backend.Notes);
        int maxTokens = settings.Sampler.MaxTokens > 0 ? settings.Sampler.MaxTokens : task.MaxTokens;
        return new Preparation(settings, task, verifier, backend, [.. notes])
        {
            FirstPrompt = start == Start.ReadOnly ? null : FirstPrompt.Of(task, backend.Tokenizer, settings.Seed).Note,
            Disk = parts.Backend is null ? DiskEstimate.Create(settings, maxTokens) : null,
        };
    }

    private RunContext CreateContext(Preparation preparation, RunDirectory directory, EarlierStarts earlier, bool isNew) =>
        new()
        {
            Settings = preparation.Settings,
            IsNew = isNew,
            Directory = directory,
            Task = preparation.Task,
            Verifier = preparation.Verifier,
            Backend = preparation.Backend,
            Time = time,
            Faults = Faults,
            Transport = services.GetService<INodeTransport>() ?? DirectTransport.Instance,
            Timings = services.GetService<ProtocolTimings>() ?? new ProtocolTimings(),
            Notes = preparation.Notes,
            FirstPrompt = preparation.FirstPrompt,
            DiskUse = preparation.Disk?.Describe(
                directory.Path,
                DiskEstimate.FreeSpace(directory.Path),
                preparation.Settings.Journal.KeepsAll
            ),
            ElapsedBefore = earlier.Elapsed,
            AccuracyBefore = earlier.AccuracyBefore,
        };

    private FaultPoints Faults => services.GetService<FaultPoints>() ?? FaultPoints.None;

    /// <summary>A run that is resumed has fitted before, so it is not rejected.</summary>
    private static void CheckMemory(RunSettings settings, bool isNew, List<string> notes)
    {
        if (MemoryCheck.Problem(settings, MachineMemory.Read()) is { } problem)
        {
            notes.Add(isNew && settings.ChecksMemory ? throw new ArgumentException(problem) : problem);
        }
    }

    private static RunSettings WithSwapMode(RunSettings settings, List<string> notes)
    {
        (RunSettings decided, string? note) = SwapChoice.Decide(settings, MachineMemory.Read());
        notes.AddRange(note is null ? [] : [note]);
        return decided;
    }

    private ConfiguredBackend Backend(RunSettings settings, InProcessParts parts)
    {
        IPolicyBackend backend = parts.Backend ?? settings.OpenModel(() => Faults.Reach(FaultPoints.CheckpointFilled));
        return new(settings, backend, services);
    }

    /// <summary>The purpose for which a run is prepared.</summary>
    private enum Start
    {
        New,
        Resumed,
        ReadOnly,
    }

    /// <summary>Everything that a run needs, checked before its directory is touched.</summary>
    private sealed record Preparation(
        RunSettings Settings,
        ITask Task,
        IVerifier Verifier,
        IPolicyBackend Backend,
        ImmutableArray<string> Notes
    )
    {
        /// <summary>The first prompt as it is sent to the model; null if it is the question itself.</summary>
        public string? FirstPrompt { get; init; }

        /// <summary>The estimate of its disk usage; null if the host app's own model is not known.</summary>
        public DiskEstimate? Disk { get; init; }
    }
}
