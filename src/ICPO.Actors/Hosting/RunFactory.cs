using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Engines;
using ICPO.Actors.Faults;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
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
    /// <summary>Prepares a new run in a new directory.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the task.</exception>
    /// <exception cref="IOException">The directory cannot be written or holds a run already.</exception>
    public RunContext Create()
    {
        IcpoConfiguration named =
            configuration.Settings.RunId.Length > 0
                ? configuration
                : configuration.With([new("run.id", $"{time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}")]);
        RunSettings settings = named.Settings;
        var directory = new RunDirectory(Path.GetFullPath(settings.Directory.Length > 0 ? settings.Directory : Unused(settings)));
        if (File.Exists(directory.EffectiveConfiguration))
        {
            throw Taken(directory);
        }

        RunContext run = Prepare(settings, directory, new Preparation { IsNew = true });
        directory.Create();
        run.Lock = RunLock.Take(directory, time);
        if (File.Exists(directory.EffectiveConfiguration))
        {
            run.Lock.Dispose();
            throw Taken(directory);
        }

        // Temporary file and rename: the directory holds a whole run that can be resumed, or none.
        string temporary = $"{directory.EffectiveConfiguration}.tmp";
        File.WriteAllText(temporary, named.Render());
        File.Move(temporary, directory.EffectiveConfiguration, overwrite: true);
        return run;
    }

    /// <summary>
    /// Prepares to continue a run from its last committed update under its stored configuration. The password of its journal's server is
    /// not stored: it comes from this configuration's <c>journal.connection-string</c>, PGPASSWORD or ~/.pgpass.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    /// <exception cref="IOException">Another process runs it; names its host and id.</exception>
    public RunContext Resume(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        (RunSettings stored, ImmutableArray<string> notes) = StoredConfiguration.Read(directory);
        string connection = ConnectionSecret.Restore(stored.Journal.ConnectionString, configuration.Settings.Journal.ConnectionString);
        stored = stored with { Journal = stored.Journal with { ConnectionString = connection } };

        // What an owner may still be writing is read under the lock.
        var taken = RunLock.Take(directory, time);
        try
        {
            RunContext run = Prepare(stored, directory, new Preparation { Earlier = EarlierStarts.Read(directory), Notes = notes });
            run.Lock = taken;
            return run;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run for reading: nothing is locked, and it cannot be started.</summary>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    public RunContext OpenReadOnly(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        return Prepare(StoredConfiguration.Read(directory).Settings, directory, new Preparation { ChecksInputs = false });
    }

    private static IOException Taken(RunDirectory directory) =>
        new($"{directory.Path} holds a run already; continue it with --resume, or choose another --output.");

    private RunContext Prepare(RunSettings settings, RunDirectory directory, Preparation preparation)
    {
        ITask task = services.GetService<ITask>() ?? ConfiguredTask.Create(settings);
        ConfiguredTask.RequireTraining(task);
        List<string> notes = [.. preparation.Notes, .. task.Notes];
        if (services.GetService<IDemonstrationPool>() is { } pool)
        {
            task = new PooledTask(task, pool);
        }

        Check(settings, task);

        // A verifier of the host app's own runs in this process, under the deadline.
        IVerifier verifier = services.GetService<IVerifier>() ?? RunVerifiers.Create(settings.Verification, task.StopStrings, notes.Add);
        if (preparation.ChecksInputs && GoldAudit.Check(task, verifier) is { } unreadable)
        {
            notes.Add(unreadable);
        }

        if (preparation.ChecksInputs && services.GetService<IPolicyBackend>() is null)
        {
            CheckMemory(settings, preparation.IsNew, notes);
        }

        ConfiguredBackend backend = Backend(settings);
        notes.AddRange(preparation.ChecksInputs ? backend.Notes : []);

        return new RunContext
        {
            Settings = settings,
            IsNew = preparation.IsNew,
            Directory = directory,
            Task = task,
            Verifier = verifier,
            Backend = backend,
            Time = time,
            Faults = Faults,
            Notes = [.. notes],
            FirstPrompt = preparation.ChecksInputs ? FirstPrompt.Of(task, backend.Tokenizer, settings.Seed).Note : null,
            ElapsedBefore = preparation.Earlier.Elapsed,
            AccuracyBefore = preparation.Earlier.AccuracyBefore,
        };
    }

    private static void Check(RunSettings settings, ITask task)
    {
        EngineRegistry.Find(settings.EngineKind);
        if (settings.Group.ExpertRollouts > 0 && task.Pool.IsEmpty)
        {
            throw new ArgumentException(
                $"Preset {settings.Preset} asks for expert rollouts, but task {task.Name} has no demonstrations"
                    + (
                        task.EmptyPoolReason is { } reason
                            ? $": {reason}; change that key, or take preset grpo."
                            : "; name a pool (task.jsonl.demonstration-path) or take preset grpo."
                    )
            );
        }

        if (!settings.Sampler.IsUntruncated || settings.Sampler.Temperature <= 0)
        {
            throw new ArgumentException(
                "Training samples from the whole distribution: set sampler.temperature above 0, sampler.top-p to 1, and sampler.top-k and "
                    + "sampler.min-p to 0; a truncated sampler biases the importance ratio."
            );
        }
    }

    private FaultPoints Faults => services.GetService<FaultPoints>() ?? FaultPoints.None;

    /// <summary>A run that is resumed has fitted before, so it is not refused.</summary>
    private static void CheckMemory(RunSettings settings, bool isNew, List<string> notes)
    {
        if (MemoryCheck.Problem(settings, MachineMemory.Read()) is { } problem)
        {
            notes.Add(isNew && settings.ChecksMemory ? throw new ArgumentException(problem) : problem);
        }
    }

    private ConfiguredBackend Backend(RunSettings settings)
    {
        IPolicyBackend backend = services.GetService<IPolicyBackend>()
            ?? settings.OpenModel(() => Faults.Reach(FaultPoints.CheckpointFilled));
        return new(settings, backend, services);
    }

    private string Unused(RunSettings settings)
    {
        string stem = Path.Combine("runs", $"{time.GetLocalNow():yyyyMMdd-HHmmss}-{settings.Preset}-seed{settings.Seed}");
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(number => number == 1 ? stem : $"{stem}-{number}")
            .First(path => !Directory.Exists(path));
    }

    /// <summary>How a run is prepared.</summary>
    private sealed record Preparation
    {
        public bool IsNew { get; init; }

        /// <summary>True checks what the run starts with: reference answers, prompts, memory.</summary>
        public bool ChecksInputs { get; init; } = true;

        public EarlierStarts Earlier { get; init; } = EarlierStarts.Empty;

        public ImmutableArray<string> Notes { get; init; } = [];
    }
}
